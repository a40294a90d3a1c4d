using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.Json;
using Peregrine.Designing.Lab.Settings;
using Peregrine.Designing.Store;

namespace Peregrine.Designing.Lab;

/// <summary>Analyses and their ML tasks: made by a guess, changed by their settings document. Training is <see cref="TrainingService"/>'s.</summary>
public sealed class LabService
{
    private readonly IDbContextFactory<DesignDbContext> _contexts;
    private readonly DatasetService _datasets;
    private readonly TaskGuess _guess;
    private readonly TimeProvider _time;

    internal LabService(IDbContextFactory<DesignDbContext> contexts, DatasetService datasets, TaskGuess guess, TimeProvider time)
    {
        _contexts = contexts;
        _datasets = datasets;
        _guess = guess;
        _time = time;
    }

    public async Task<IReadOnlyList<AnalysisSummary>> ListAnalysesAsync(string projectKey, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireProjectAsync(db, projectKey, cancellationToken);
        var rows = await db.Analyses.AsNoTracking().Where(row => row.ProjectKey == projectKey).OrderBy(row => row.CreatedOn)
            .Select(row => new { Row = row, Tasks = db.MlTasks.Count(task => task.ProjectKey == projectKey && task.AnalysisId == row.Id) })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(entry => new AnalysisSummary
        {
            AnalysisId = entry.Row.Id,
            Name = Documents.Parse(entry.Row.DocumentJson).String("name") ?? entry.Row.Id,
            InputDataset = entry.Row.InputDataset,
            CreatedOn = entry.Row.CreatedOn,
            MlTasks = entry.Tasks,
        })];
    }

    /// <summary>An analysis without ML task, to put preparation steps in first.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAnalysisAsync(string projectKey, string inputDataset, CancellationToken cancellationToken)
    {
        var content = await _datasets.LoadReferenceAsync(projectKey, inputDataset, cancellationToken);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireProjectAsync(db, projectKey, cancellationToken);
        var row = NewAnalysis(projectKey, inputDataset, content.Reference);
        db.Analyses.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        return row.Id;
    }

    public async Task<JsonObject> GetAnalysisAsync(string projectKey, string analysisId, CancellationToken cancellationToken) =>
        Documents.Parse((await FindAnalysisAsync(projectKey, analysisId, cancellationToken)).DocumentJson);

    /// <summary>Replaces the document; its <c>script.steps</c> must fit the dataset. Tasks learn of new fields by a new guess.</summary>
    public async Task SaveAnalysisAsync(string projectKey, string analysisId, JsonObject document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Analyses.SingleOrDefaultAsync(a => a.ProjectKey == projectKey && a.Id == analysisId, cancellationToken)
            ?? throw NoAnalysis(projectKey, analysisId);
        document.FilledFrom(AnalysisDocument.Create(projectKey, analysisId, row.InputDataset));
        document["id"] = analysisId;
        document["projectKey"] = projectKey;
        document["inputDatasetSmartName"] = row.InputDataset;
        var steps = PreparationSteps.Of(document);
        await _guess.CheckStepsAsync(projectKey, row.InputDataset, steps, cancellationToken);
        row.DocumentJson = Documents.Text(document);
        await db.SaveChangedAsync($"analysis '{analysisId}'", cancellationToken);
    }

    /// <summary>Deletes the analysis with its tasks and their models; saved models made of them stay.</summary>
    public async Task DeleteAnalysisAsync(string projectKey, string analysisId, CancellationToken cancellationToken)
    {
        await FindAnalysisAsync(projectKey, analysisId, cancellationToken);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireIdleAsync(db, projectKey, analysisId, taskId: null, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.TrainedModels.Where(row => row.ProjectKey == projectKey && row.AnalysisId == analysisId).ExecuteDeleteAsync(cancellationToken);
        await db.MlTasks.Where(row => row.ProjectKey == projectKey && row.AnalysisId == analysisId).ExecuteDeleteAsync(cancellationToken);
        await db.Analyses.Where(row => row.ProjectKey == projectKey && row.Id == analysisId).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>All ML tasks of a project, or of one analysis.</summary>
    public async Task<IReadOnlyList<MlTaskSummary>> ListTasksAsync(string projectKey, string? analysisId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireProjectAsync(db, projectKey, cancellationToken);
        var rows = await db.MlTasks.AsNoTracking()
            .Where(task => task.ProjectKey == projectKey && (analysisId == null || task.AnalysisId == analysisId))
            .Join(
                db.Analyses.Where(analysis => analysis.ProjectKey == projectKey), task => task.AnalysisId, analysis => analysis.Id,
                (task, analysis) => new { Task = task, analysis.InputDataset })
            .OrderBy(entry => entry.Task.CreatedOn).ToListAsync(cancellationToken);
        return [.. rows.Select(entry => new MlTaskSummary
        {
            Task = new MlTaskRef(projectKey, entry.Task.AnalysisId, entry.Task.Id),
            TargetVariable = entry.Task.Target,
            PredictionType = entry.Task.PredictionType,
            InputDataset = entry.InputDataset,
            CreatedOn = entry.Task.CreatedOn,
            Sessions = entry.Task.Sessions,
        })];
    }

    /// <summary>Makes an analysis with a prediction task whose settings are guessed from the data.</summary>
    public async Task<MlTaskRef> CreatePredictionTaskAsync(string projectKey, CreatePredictionTask request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var content = await _datasets.LoadReferenceAsync(projectKey, request.InputDataset, cancellationToken);
        var analysis = NewAnalysis(projectKey, request.InputDataset, content.Reference);
        return await AddTaskAsync(projectKey, analysis, request, isNew: true, cancellationToken);
    }

    /// <summary>Adds a prediction task to an analysis: the guess sees what its preparation steps make.</summary>
    public async Task<MlTaskRef> CreatePredictionTaskAsync(
        string projectKey, string analysisId, CreatePredictionTask request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var analysis = await FindAnalysisAsync(projectKey, analysisId, cancellationToken);
        return await AddTaskAsync(projectKey, analysis, request, isNew: false, cancellationToken);
    }

    public async Task<JsonObject> GetSettingsAsync(MlTaskRef task, CancellationToken cancellationToken) =>
        Documents.Parse((await FindTaskAsync(task, cancellationToken)).SettingsJson);

    /// <summary>Replaces the settings; members unknown to us are kept, what cannot be trained as asked is refused.</summary>
    public async Task SaveSettingsAsync(MlTaskRef task, JsonObject settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.MlTasks.SingleOrDefaultAsync(
            other => other.ProjectKey == task.ProjectKey && other.AnalysisId == task.AnalysisId && other.Id == task.MlTaskId, cancellationToken)
            ?? throw NoTask(task);
        var read = SettingsReader.Read(settings);
        if (PredictionTypes.TaskType(PredictionTypes.Of(read.Prediction)) != PredictionTypes.TaskType(row.PredictionType))
            throw Refusal.Invalid($"This is a task of {PredictionTypes.TaskType(row.PredictionType)} and cannot become another by its settings; make a new one.");
        if (!string.Equals(read.Target, row.Target, StringComparison.Ordinal))
            throw Refusal.Invalid($"The target of this ML task is '{row.Target}' and cannot become '{read.Target}' by its settings; use a new guess or a new task.");
        settings.FilledFrom(SettingsSkeleton.Create(PredictionTypes.Of(read.Prediction), row.Target, read.Seed));
        row.PredictionType = PredictionTypes.Of(read.Prediction);
        row.SettingsJson = Documents.Text(settings);
        await db.SaveChangedAsync($"ML task '{task.MlTaskId}'", cancellationToken);
    }

    /// <summary>Guesses the settings anew; what is not given stays as it was.</summary>
    public async Task GuessAsync(MlTaskRef task, string? predictionType, string? target, string? timeVariable, CancellationToken cancellationToken)
    {
        var analysis = await FindAnalysisAsync(task.ProjectKey, task.AnalysisId, cancellationToken);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.MlTasks.SingleOrDefaultAsync(
            other => other.ProjectKey == task.ProjectKey && other.AnalysisId == task.AnalysisId && other.Id == task.MlTaskId, cancellationToken)
            ?? throw NoTask(task);
        if (row.PredictionType == PredictionTypes.Clustering && (target is { Length: > 0 } || timeVariable is not null || predictionType is not (null or PredictionTypes.Clustering)))
            throw Refusal.Invalid("A clustering task has no target, kind of prediction or time column to guess by.");
        var before = Documents.Parse(row.SettingsJson);
        var request = new CreatePredictionTask
        {
            InputDataset = analysis.InputDataset,
            TargetVariable = target is { Length: > 0 } ? target : row.Target,
            PredictionType = predictionType ?? (target is { Length: > 0 } ? null : row.PredictionType),
            TimeVariable = timeVariable ?? (before.Child("time").Boolean("enabled") == true ? before.Child("time").String("timeVariable") : null),
        };
        var settings = await _guess.MakeAsync(task.ProjectKey, request, PreparationSteps.Of(Documents.Parse(analysis.DocumentJson)), cancellationToken);
        row.Target = request.TargetVariable;
        row.PredictionType = settings.String("predictionType")!;
        row.SettingsJson = Documents.Text(settings);
        await db.SaveChangedAsync($"ML task '{task.MlTaskId}'", cancellationToken);
    }

    /// <summary>Deletes the task with its models; saved models made of them stay.</summary>
    public async Task DeleteTaskAsync(MlTaskRef task, CancellationToken cancellationToken)
    {
        await FindTaskAsync(task, cancellationToken);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireIdleAsync(db, task.ProjectKey, task.AnalysisId, task.MlTaskId, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.TrainedModels.Where(row => row.ProjectKey == task.ProjectKey && row.AnalysisId == task.AnalysisId && row.TaskId == task.MlTaskId)
            .ExecuteDeleteAsync(cancellationToken);
        await db.MlTasks.Where(row => row.ProjectKey == task.ProjectKey && row.AnalysisId == task.AnalysisId && row.Id == task.MlTaskId)
            .ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    internal async Task<MlTaskRow> FindTaskAsync(MlTaskRef task, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.MlTasks.AsNoTracking().SingleOrDefaultAsync(
            row => row.ProjectKey == task.ProjectKey && row.AnalysisId == task.AnalysisId && row.Id == task.MlTaskId, cancellationToken)
            ?? throw NoTask(task);
    }

    internal async Task<AnalysisRow> FindAnalysisAsync(string projectKey, string analysisId, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        return await db.Analyses.AsNoTracking().SingleOrDefaultAsync(row => row.ProjectKey == projectKey && row.Id == analysisId, cancellationToken)
            ?? throw NoAnalysis(projectKey, analysisId);
    }

    private async Task<MlTaskRef> AddTaskAsync(
        string projectKey, AnalysisRow analysis, CreatePredictionTask request, bool isNew, CancellationToken cancellationToken)
    {
        var steps = PreparationSteps.Of(Documents.Parse(analysis.DocumentJson));
        var settings = await _guess.MakeAsync(projectKey, request with { InputDataset = analysis.InputDataset }, steps, cancellationToken);
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken);
        await RequireProjectAsync(db, projectKey, cancellationToken);
        if (isNew) db.Analyses.Add(analysis);
        var task = new MlTaskRow
        {
            ProjectKey = projectKey,
            AnalysisId = analysis.Id,
            Id = ObjectIds.New(),
            Target = request.TargetVariable,
            PredictionType = settings.String("predictionType")!,
            CreatedOn = _time.GetUtcNow(),
            SettingsJson = Documents.Text(settings),
        };
        db.MlTasks.Add(task);
        await db.SaveChangesAsync(cancellationToken);
        return new MlTaskRef(projectKey, task.AnalysisId, task.Id);
    }

    private AnalysisRow NewAnalysis(string projectKey, string inputDataset, string reference)
    {
        var id = ObjectIds.New();
        var name = reference.StartsWith($"{projectKey}.", StringComparison.Ordinal) ? reference[(projectKey.Length + 1)..] : inputDataset;
        return new AnalysisRow
        {
            ProjectKey = projectKey,
            Id = id,
            InputDataset = name,
            CreatedOn = _time.GetUtcNow(),
            DocumentJson = Documents.Text(AnalysisDocument.Create(projectKey, id, name)),
        };
    }

    private static async Task RequireIdleAsync(
        DesignDbContext db, string projectKey, string analysisId, string? taskId, CancellationToken cancellationToken)
    {
        var busy = await db.TrainedModels.AnyAsync(
            row => row.ProjectKey == projectKey && row.AnalysisId == analysisId && (taskId == null || row.TaskId == taskId)
                && (row.State == RunState.Pending || row.State == RunState.Running),
            cancellationToken);
        if (busy) throw Refusal.Conflict("A training runs. Abort it or wait for its end, then delete.");
    }

    private static async Task RequireProjectAsync(DesignDbContext db, string projectKey, CancellationToken cancellationToken)
    {
        if (!await db.Projects.AnyAsync(project => project.Key == projectKey, cancellationToken)) throw Refusal.NoProject(projectKey);
    }

    private static Exception NoAnalysis(string projectKey, string analysisId) =>
        Refusal.NotFound($"There is no analysis '{analysisId}' in project '{projectKey}'.");

    private static Exception NoTask(MlTaskRef task) =>
        Refusal.NotFound($"There is no ML task '{task.MlTaskId}' in analysis '{task.AnalysisId}' of project '{task.ProjectKey}'.");
}
