using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Peregrine.Designing.Json;
using Peregrine.Designing.Lab.Settings;
using Peregrine.Designing.Store;
using Peregrine.Hosting.Futures;

namespace Peregrine.Designing.Lab;

/// <summary>Training sessions of ML tasks: started here, run as jobs, their models kept in the store.</summary>
public sealed class TrainingService : IDisposable
{
    private readonly ConcurrentDictionary<MlTaskRef, RunningSession> _running = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly IDbContextFactory<DesignDbContext> _contexts;
    private readonly LabService _lab;
    private readonly TrainingQueue _queue;
    private readonly TrainingRun _run;
    private readonly FutureRegistry _futures;
    private readonly TimeProvider _time;

    internal TrainingService(
        IDbContextFactory<DesignDbContext> contexts, LabService lab, TrainingQueue queue, TrainingRun run, FutureRegistry futures, TimeProvider time)
    {
        _contexts = contexts;
        _lab = lab;
        _queue = queue;
        _run = run;
        _futures = futures;
        _time = time;
    }

    public void Dispose() => _starting.Dispose();

    /// <summary>Starts a session for the algorithms that the settings enable; returns at once.</summary>
    /// <returns>The session's id; its models are in the status already.</returns>
    public async Task<string> StartAsync(MlTaskRef task, string? sessionName, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return await StartOneAsync(task, sessionName, actor, cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    public async Task<MlTaskStatus> GetStatusAsync(MlTaskRef task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        var row = await _lab.FindTaskAsync(task, cancellationToken);
        var running = _running.GetValueOrDefault(task);
        var models = await ListAsync(task, row, cancellationToken);
        return new MlTaskStatus
        {
            Training = running is not null || models.Any(model => model.State is RunState.Pending or RunState.Running),
            Progress = running?.Progress,
            JobId = running?.JobId,
            Models = models,
        };
    }

    /// <summary>The leaderboard: trained models, best first, then those without a result.</summary>
    public async Task<IReadOnlyList<TrainedModelSummary>> LeaderboardAsync(MlTaskRef task, CancellationToken cancellationToken)
    {
        var models = (await GetStatusAsync(task, cancellationToken)).Models;
        return
        [
            .. models.OrderBy(model => model.MainMetricValue is null)
                .ThenByDescending(model => model.GreaterIsBetter ? model.MainMetricValue : -model.MainMetricValue)
                .ThenByDescending(model => model.CreatedOn),
        ];
    }

    /// <summary>Stops the running session of a task; false when none runs.</summary>
    public async Task<bool> AbortAsync(MlTaskRef task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        await _lab.FindTaskAsync(task, cancellationToken);
        return _running.TryGetValue(task, out var session) && await _futures.AbortAsync(session.JobId);
    }

    public async Task<TrainedModelDetails> GetModelAsync(MlTaskRef task, string modelId, CancellationToken cancellationToken)
    {
        var row = await FindModelAsync(task, modelId, cancellationToken);
        return Details(row);
    }

    /// <summary>Finds a model by its full id alone.</summary>
    public async Task<TrainedModelDetails> GetModelAsync(string projectKey, string modelId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.TrainedModels.AsNoTracking()
            .SingleOrDefaultAsync(model => model.Id == modelId && model.ProjectKey == projectKey, cancellationToken)
            ?? throw Refusal.NotFound($"There is no trained model '{modelId}' in project '{projectKey}'.");
        return Details(row);
    }

    public async Task SaveUserMetaAsync(MlTaskRef task, string modelId, JsonObject userMeta, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userMeta);
        var model = await FindModelAsync(task, modelId, cancellationToken);
        ClusterLabels.Check(userMeta, model.PredictionType, model.EvaluationJson is { } report ? EvaluationDocument.Parse(report).Classes : []);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.TrainedModels.SingleAsync(other => other.Id == modelId, cancellationToken);
        row.UserMetaJson = Documents.Text(userMeta);
        await db.SaveChangedAsync($"model '{modelId}'", cancellationToken);
    }

    /// <summary>Deletes a model of the lab; saved model versions made of it stay.</summary>
    public async Task DeleteModelAsync(MlTaskRef task, string modelId, CancellationToken cancellationToken)
    {
        var row = await FindModelAsync(task, modelId, cancellationToken);
        if (row.State is RunState.Pending or RunState.Running)
            throw Refusal.Conflict($"Model '{modelId}' is being trained. Abort the training or wait for its end, then delete.");
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await db.TrainedModels.Where(model => model.Id == modelId).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Marks trainings that the end of an earlier process cut: nobody works on them any more.</summary>
    internal async Task FailInterruptedAsync(CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.TrainedModels.Where(row => row.State == RunState.Pending || row.State == RunState.Running).ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            row.State = RunState.Failed;
            row.EndedOn = _time.GetUtcNow();
            row.Failure = "The node ended while this model was being trained. Train again.";
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    internal async Task<TrainedModelRow> FindModelAsync(MlTaskRef task, string modelId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.TrainedModels.AsNoTracking().SingleOrDefaultAsync(
            row => row.Id == modelId && row.ProjectKey == task.ProjectKey && row.AnalysisId == task.AnalysisId && row.TaskId == task.MlTaskId,
            cancellationToken)
            ?? throw Refusal.NotFound($"There is no trained model '{modelId}' in ML task '{task.MlTaskId}'.");
    }

    private async Task<string> StartOneAsync(MlTaskRef task, string? sessionName, string actor, CancellationToken cancellationToken)
    {
        var row = await _lab.FindTaskAsync(task, cancellationToken);
        if (_running.ContainsKey(task))
            throw Refusal.Conflict($"ML task '{task.MlTaskId}' is being trained. Wait for its end, or abort it.");
        var settings = SettingsReader.Read(Documents.Parse(row.SettingsJson));
        if (settings.Algorithms.Count == 0)
            throw Refusal.Invalid($"No algorithm is enabled. Enable one of {string.Join(", ", AlgorithmCatalog.Trainable(row.PredictionType))}.");
        var place = _queue.Take();
        try
        {
            var session = await AddSessionAsync(task, settings, cancellationToken);
            var name = string.IsNullOrWhiteSpace(sessionName) ? session.Id : $"'{sessionName}'";
            var title = $"Training {name} of {(row.Target.Length == 0 ? "clusters" : $"'{row.Target}'")}";
            Launch(task, session, settings, place, new FutureRequest(title, actor));
            return session.Id;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private void Launch(MlTaskRef task, Session session, TaskSettings settings, TrainingQueue.Place place, FutureRequest request)
    {
        var running = new RunningSession(new TrainingProgress(0, "Waiting for its turn", null));
        _running[task] = running;
        running.JobId = _futures.Start(
            request,
            async (scope, stop) =>
            {
                try
                {
                    return await _run.RunAsync(task, session.ModelIds, settings, place, progress =>
                    {
                        running.Progress = progress;
                        scope.Advance(progress.Fraction, progress.Phase);
                    }, stop);
                }
                finally
                {
                    place.Dispose();
                    _running.TryRemove(task, out _);
                }
            },
            TrainingJson.Default.JsonObject).Id;
    }

    private async Task<Session> AddSessionAsync(MlTaskRef task, TaskSettings settings, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.MlTasks.SingleAsync(
            other => other.ProjectKey == task.ProjectKey && other.AnalysisId == task.AnalysisId && other.Id == task.MlTaskId, cancellationToken);
        var analysis = await db.Analyses.AsNoTracking()
            .SingleAsync(other => other.ProjectKey == task.ProjectKey && other.Id == task.AnalysisId, cancellationToken);
        var number = ++row.Sessions;
        var sessionId = string.Create(CultureInfo.InvariantCulture, $"s{number}");
        var ids = new List<string>();
        foreach (var (index, algorithm) in settings.Algorithms.Index())
        {
            var id = string.Create(
                CultureInfo.InvariantCulture, $"A-{task.ProjectKey}-{task.AnalysisId}-{task.MlTaskId}-s{number}-pp1-m{index + 1}");
            ids.Add(id);
            db.TrainedModels.Add(new TrainedModelRow
            {
                Id = id,
                ProjectKey = task.ProjectKey,
                AnalysisId = task.AnalysisId,
                TaskId = task.MlTaskId,
                SessionId = sessionId,
                Algorithm = algorithm,
                PredictionType = row.PredictionType,
                State = RunState.Pending,
                CreatedOn = _time.GetUtcNow(),
                SettingsJson = row.SettingsJson,
                StepsJson = PreparationSteps.Text(Documents.Parse(analysis.DocumentJson)),
                DatasetRef = analysis.InputDataset,
                Seed = settings.Seed,
            });
        }

        await db.SaveChangedAsync($"ML task '{task.MlTaskId}'", cancellationToken);
        return new Session(sessionId, ids);
    }

    private async Task<IReadOnlyList<TrainedModelSummary>> ListAsync(MlTaskRef task, MlTaskRow row, CancellationToken cancellationToken)
    {
        var metric = Metric(Documents.Parse(row.SettingsJson), row.PredictionType);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.TrainedModels.AsNoTracking()
            .Where(model => model.ProjectKey == task.ProjectKey && model.AnalysisId == task.AnalysisId && model.TaskId == task.MlTaskId)
            .OrderBy(model => model.CreatedOn).ThenBy(model => model.Id)
            .Select(model => new TrainedModelSummary
            {
                Id = model.Id,
                SessionId = model.SessionId,
                Algorithm = model.Algorithm,
                AlgorithmName = AlgorithmCatalog.DisplayName(model.Algorithm),
                PredictionType = model.PredictionType,
                State = model.State,
                Failure = model.Failure,
                CreatedOn = model.CreatedOn,
                StartedOn = model.StartedOn,
                EndedOn = model.EndedOn,
                Metrics = Metrics(model.MetricsJson),
                MainMetric = metric.Result,
                GreaterIsBetter = metric.GreaterIsBetter,
            })
            .ToListAsync(cancellationToken);
        return rows;
    }

    internal static TrainedModelSummary Summary(TrainedModelRow model)
    {
        var metric = Metric(Documents.Parse(model.SettingsJson), model.PredictionType);
        return new TrainedModelSummary
        {
            Id = model.Id,
            SessionId = model.SessionId,
            Algorithm = model.Algorithm,
            AlgorithmName = AlgorithmCatalog.DisplayName(model.Algorithm),
            PredictionType = model.PredictionType,
            State = model.State,
            Failure = model.Failure,
            CreatedOn = model.CreatedOn,
            StartedOn = model.StartedOn,
            EndedOn = model.EndedOn,
            Metrics = Metrics(model.MetricsJson),
            MainMetric = metric.Result,
            GreaterIsBetter = metric.GreaterIsBetter,
        };
    }

    private static TrainedModelDetails Details(TrainedModelRow row) => new()
    {
        Summary = Summary(row),
        Settings = Documents.Parse(row.SettingsJson),
        Steps = (JsonArray)JsonNode.Parse(row.StepsJson)!,
        Dataset = row.DatasetRef,
        DatasetDigest = row.DatasetDigest,
        Seed = row.Seed,
        ArtifactDigest = row.ArtifactDigest,
        Report = row.EvaluationJson is { } json ? EvaluationDocument.Parse(json) : null,
        UserMeta = row.UserMetaJson is { } meta ? Documents.Parse(meta) : [],
    };

    private static (string Result, bool GreaterIsBetter) Metric(JsonObject settings, string predictionType) =>
        MetricNames.Of((settings["modeling"] as JsonObject)?.Child("metrics").String("evaluationMetric"), predictionType);

    internal static IReadOnlyDictionary<string, double> Metrics(string? json) =>
        json is null
            ? new Dictionary<string, double>(StringComparer.Ordinal)
            : JsonSerializer.Deserialize(json, LabJson.Default.IReadOnlyDictionaryStringDouble)!;

    private sealed record Session(string Id, IReadOnlyList<string> ModelIds);

    private sealed class RunningSession(TrainingProgress progress)
    {
        private volatile TrainingProgress _progress = progress;

        public string JobId { get; set; } = "";

        public TrainingProgress Progress
        {
            get => _progress;
            set => _progress = value;
        }
    }
}
