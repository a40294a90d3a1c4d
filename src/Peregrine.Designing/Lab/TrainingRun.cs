using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.Lab.Settings;
using Peregrine.Designing.Store;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Blobs;
using Peregrine.Training;

namespace Peregrine.Designing.Lab;

/// <summary>
/// The work of one training session. Algorithms are trained one after another, each kept as soon as it is done: one that fails
/// takes no other with it, and what is trained stays when the session is aborted.
/// </summary>
internal sealed class TrainingRun(
    IDbContextFactory<DesignDbContext> contexts, DatasetService datasets, LookupTables lookups, BlobStore blobs, Trainer trainer,
    IOptions<DesigningOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<TrainingRun> logger)
{
    public async Task<JsonObject> RunAsync(
        MlTaskRef task, IReadOnlyList<string> modelIds, TaskSettings settings, TrainingQueue.Place place,
        Action<TrainingProgress> report, CancellationToken cancellationToken)
    {
        try
        {
            await place.WaitForTurnAsync(cancellationToken);
            report(new TrainingProgress(0, "Reading the dataset", null));
            var request = await RequestAsync(task, modelIds[0], settings, cancellationToken);
            var done = 0;
            for (var at = 0; at < modelIds.Count; at++)
            {
                var share = new Share(at, modelIds.Count, settings.Algorithms[at], report);
                if (await TrainOneAsync(modelIds[at], settings.Algorithms[at], request, settings, share, cancellationToken)) done++;
            }

            return new JsonObject { ["trained"] = done, ["failed"] = modelIds.Count - done };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var stopped = lifetime.ApplicationStopping.IsCancellationRequested;
            await EndAsync(
                modelIds, stopped ? RunState.Failed : RunState.Aborted,
                stopped ? "The node was stopped while this model was being trained. Train again." : "The training was aborted.");
            throw;
        }
        catch (Exception fault)
        {
            await EndAsync(modelIds, RunState.Failed, Reason(fault));
            throw;
        }
    }

    private async Task<Request> RequestAsync(MlTaskRef task, string modelId, TaskSettings settings, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.TrainedModels.AsNoTracking().SingleAsync(model => model.Id == modelId, cancellationToken);
        var content = await datasets.LoadReferenceAsync(task.ProjectKey, row.DatasetRef, cancellationToken);
        var steps = PreparationSteps.Parse(row.StepsJson);
        var columns = content.Table.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var handling = new Dictionary<string, Training.Planning.ColumnHandling>(settings.Handling, StringComparer.Ordinal);
        foreach (var made in settings.Ignore.Where(name => !columns.Contains(name))) handling[made] = Training.Planning.ColumnHandling.Reject;
        var training = new TrainingRequest
        {
            Table = content.Table,
            Target = settings.Target,
            Prediction = settings.Prediction,
            PositiveClass = settings.PositiveClass,
            Ignore = [.. settings.Ignore.Where(columns.Contains)],
            Handling = handling,
            Steps = steps,
            Lookups = await lookups.BuildAsync(task.ProjectKey, steps, cancellationToken),
            Split = settings.Split,
            Clustering = settings.Clustering,
            DropRowsWithoutTarget = settings.DropRowsWithoutTarget,
            Seed = settings.Seed,
            Threads = options.Value.TrainingThreads,
        };
        return new Request(training, content.Reference, await datasets.DigestAsync(content, cancellationToken));
    }

    /// <summary>False when this model failed for a reason of its own, which is then with it.</summary>
    private async Task<bool> TrainOneAsync(
        string modelId, string algorithm, Request request, TaskSettings settings, Share share, CancellationToken cancellationToken)
    {
        await ChangeAsync(modelId, row =>
        {
            row.State = RunState.Running;
            row.StartedOn = time.GetUtcNow();
            row.DatasetDigest = request.DatasetDigest;
        }, cancellationToken);
        try
        {
            var training = request.Training with { Algorithms = [AlgorithmCatalog.Algorithm(algorithm)] };
            var result = await Task.Run(() => trainer.Train(training, share, cancellationToken), cancellationToken);
            await KeepAsync(modelId, request, result, settings, cancellationToken);
            return true;
        }
        catch (Exception fault) when (fault is TrainingException or ModelException)
        {
            TrainingLog.ModelFailed(logger, modelId, fault);
            await EndAsync([modelId], RunState.Failed, Reason(fault));
            return false;
        }
    }

    private async Task KeepAsync(
        string modelId, Request request, TrainingResult result, TaskSettings settings, CancellationToken cancellationToken)
    {
        var model = result.Models[0];
        var artifact = await blobs.PutAsync(model.Bytes, cancellationToken);
        var golden = await Task.Run(
            () => GoldenInputs.Choose(model.Compiled, request.Training.Table, result.TestRows, options.Value.GoldenRecords), cancellationToken);
        var goldenBlob = await blobs.PutAsync(golden, cancellationToken);
        var document = EvaluationDocument.Of(result, model, settings.Notes);
        await ChangeAsync(modelId, row =>
        {
            row.State = RunState.Done;
            row.EndedOn = time.GetUtcNow();
            row.ArtifactDigest = artifact.Digest;
            row.GoldenDigest = goldenBlob.Digest;
            row.EvaluationJson = document.ToJson();
            row.MetricsJson = JsonSerializer.Serialize(document.Metrics(), LabJson.Default.IReadOnlyDictionaryStringDouble);
        }, cancellationToken);
        TrainingLog.ModelTrained(logger, modelId, model.Timings.Fitting.TotalSeconds);
    }

    private async Task EndAsync(IReadOnlyList<string> modelIds, RunState state, string reason)
    {
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        var open = await db.TrainedModels
            .Where(row => modelIds.Contains(row.Id) && (row.State == RunState.Pending || row.State == RunState.Running))
            .ToListAsync(CancellationToken.None);
        foreach (var row in open)
        {
            row.State = state;
            row.Failure = reason;
            row.EndedOn = time.GetUtcNow();
        }

        await db.SaveChangesAsync(CancellationToken.None);
    }

    private async Task ChangeAsync(string modelId, Action<TrainedModelRow> change, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.TrainedModels.SingleAsync(model => model.Id == modelId, cancellationToken);
        change(row);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static string Reason(Exception fault) => fault switch
    {
        TrainingException training => TrainingFaults.Message(training),
        ApiErrorException expected => expected.Error.DetailedMessage,
        ModelException => fault.Message,
        _ => "The training failed by a fault of the node; its log says more.",
    };

    private sealed record Request(TrainingRequest Training, string DatasetRef, string DatasetDigest);

    /// <summary>One algorithm's progress as a part of the session's.</summary>
    private sealed class Share(int index, int count, string algorithm, Action<TrainingProgress> report) : IProgress<Training.TrainingProgress>
    {
        public void Report(Training.TrainingProgress value)
        {
            var name = AlgorithmCatalog.DisplayName(algorithm);
            var phase = value.Trees is > 0 ? $"{name}: {value.Phase}, {value.Trees} trees" : $"{name}: {value.Phase}";
            report(new TrainingProgress((index + Math.Clamp(value.Fraction, 0, 1)) / count, phase, algorithm));
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class TrainingJson : JsonSerializerContext;
