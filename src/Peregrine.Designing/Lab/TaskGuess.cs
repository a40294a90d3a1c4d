using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Peregrine.Datasets.Tables;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.Json;
using Peregrine.Designing.Lab.Settings;
using Peregrine.Models;
using Peregrine.Models.Preparation;
using Peregrine.Records;
using Peregrine.Training;
using Peregrine.Training.Planning;
using Peregrine.Training.Splitting;

namespace Peregrine.Designing.Lab;

/// <summary>Makes the settings of a new ML task: the training's own plan, written down as a document that people may change.</summary>
internal sealed class TaskGuess(DatasetService datasets, LookupTables lookups, Trainer trainer, IOptions<DesigningOptions> options)
{
    private const int Seed = 1337;

    public async Task<JsonObject> MakeAsync(
        string projectKey, CreatePredictionTask request, IReadOnlyList<PreparationStep> steps, CancellationToken cancellationToken)
    {
        var content = await datasets.LoadReferenceAsync(projectKey, request.InputDataset, cancellationToken);
        var kind = request.PredictionType is { Length: > 0 } type
            ? PredictionTypes.Parse(type) ?? throw Refusal.Invalid($"Prediction type '{type}' is not trained; use BINARY_CLASSIFICATION, MULTICLASS or REGRESSION.")
            : (PredictionKind?)null;
        var training = new TrainingRequest
        {
            Table = content.Table,
            Target = request.TargetVariable,
            Prediction = kind,
            Ignore = request.Ignore,
            Steps = steps,
            Lookups = await lookups.BuildAsync(projectKey, steps, cancellationToken),
            Split = request.TimeVariable is { } time ? new TimeSplit { Column = time } : new RandomSplit { Seed = Seed },
            Seed = Seed,
            Threads = options.Value.TrainingThreads,
        };
        try
        {
            var plan = await Task.Run(() => trainer.Plan(training, cancellationToken), cancellationToken);
            return Document(content.Table, steps, request, plan);
        }
        catch (TrainingException fault)
        {
            throw fault.AsAnswer();
        }
    }

    /// <exception cref="Hosting.Errors.ApiErrorException">400: a step does not fit the dataset's columns or the steps before it.</exception>
    public async Task CheckStepsAsync(
        string projectKey, string dataset, IReadOnlyList<PreparationStep> steps, CancellationToken cancellationToken)
    {
        if (steps.Count == 0) return;
        var content = await datasets.LoadReferenceAsync(projectKey, dataset, cancellationToken);
        var tables = await lookups.BuildAsync(projectKey, steps, cancellationToken);
        try
        {
            PreparationProgram.Compile(content.Table.Schema.Fields, steps, tables);
        }
        catch (ModelException fault)
        {
            throw Refusal.Invalid($"The preparation cannot be used on dataset '{dataset}'. {fault.Message}", fault);
        }
    }

    private static JsonObject Document(Table table, IReadOnlyList<PreparationStep> steps, CreatePredictionTask request, TrainingPlan plan)
    {
        var document = SettingsSkeleton.Create(PredictionTypes.Of(plan.Prediction), plan.Target, Seed);
        var preprocessing = document.Child("preprocessing");
        if (plan.Prediction is PredictionKind.BinaryClassification or PredictionKind.Multiclass) preprocessing["target_remapping"] = Remapping(plan.Classes);
        var features = preprocessing.Child("per_feature");
        var made = plan.Steps.Skip(steps.Count).SelectMany(Outputs).ToHashSet(StringComparer.Ordinal);
        foreach (var column in plan.Columns)
        {
            // Fields that the plan itself adds follow from the rest and come back with every plan.
            if (made.Contains(column.Name)) continue;
            features[column.Name] = FeatureDefaults.Of(column, table.Find(column.Name) is { Kind: not FieldKind.Text });
        }

        if (plan.Prediction == PredictionKind.Clustering) return document;
        features[plan.Target] = FeatureDefaults.Target(table.Find(plan.Target) is { Kind: not FieldKind.Text });
        if (request.TimeVariable is { } time) OrderByTime(document, time);
        return document;
    }

    private static void OrderByTime(JsonObject document, string column)
    {
        document["time"] = new JsonObject { ["enabled"] = true, ["timeVariable"] = column, ["ascending"] = true };
        var split = document.Child("splitParams");
        split["ssdSplitMode"] = "SORTED";
        split["ssdColumn"] = column;
        document.Child("modeling").Child("gridSearchParams")["mode"] = "TIME_SERIES_KFOLD";
    }

    private static JsonArray Remapping(IReadOnlyList<string> classes) =>
        [.. classes.Select((label, at) => new JsonObject { ["sourceValue"] = label, ["mappedValue"] = at })];

    private static IEnumerable<string> Outputs(PreparationStep step) => step switch
    {
        ElapsedStep elapsed => [elapsed.Output],
        DistanceStep distance => [distance.Output],
        RatioStep ratio => [ratio.Output],
        LookupStep lookup => lookup.Columns.Select(column => column.Output ?? column.Source),
        _ => [],
    };
}
