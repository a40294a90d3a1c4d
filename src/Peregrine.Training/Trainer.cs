using System.Diagnostics;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Predictors;
using Peregrine.Training.Evaluation;
using Peregrine.Training.Features;
using Peregrine.Training.Fitting;
using Peregrine.Training.Planning;
using Peregrine.Training.Reference;

namespace Peregrine.Training;

/// <summary>
/// Trains models: splits, plans, fits each algorithm on the training rows, compiles what the API node will run and evaluates that very
/// program on the test rows. Thread-safe; one training uses as many threads as its request allows.
/// </summary>
public sealed class Trainer
{
    private readonly IReadOnlyList<IModelFitter> _fitters = [new LinearFitter(), new RandomForestFitter(), new BoostedTreesFitter(), new KMeansFitter()];

    /// <summary>What a training would do.</summary>
    /// <exception cref="TrainingException">The request does not fit the table.</exception>
    public TrainingPlan Plan(TrainingRequest request, CancellationToken cancellationToken = default) => TrainingData.Create(request, cancellationToken).Plan;

    /// <summary>Trains and evaluates. Takes seconds to minutes on the calling thread; call it from a job.</summary>
    /// <exception cref="TrainingException">The request does not fit the table, or the tree library fails.</exception>
    /// <exception cref="OperationCanceledException"/>
    public TrainingResult Train(TrainingRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(request);
        progress?.Report(new TrainingProgress(0, "Preparing rows"));
        var data = TrainingData.Create(request, cancellationToken);
        using var treeRows = new TreeRows(data);
        var tracker = new ProgressTracker(request.Algorithms, progress);
        var models = new List<TrainedModel>();
        foreach (var algorithm in request.Algorithms)
        {
            tracker.Begin(algorithm);
            models.Add(TrainOne(_fitters.First(fitter => fitter.Algorithm == algorithm), data, treeRows, tracker, cancellationToken));
            tracker.End();
        }

        progress?.Report(new TrainingProgress(1, "Done"));
        return new TrainingResult { Plan = data.Plan, Models = models, TestRows = data.Test, TrainRows = data.Train.Length };
    }

    private static TrainedModel TrainOne(IModelFitter fitter, TrainingData data, TreeRows treeRows, ProgressTracker tracker, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var fitted = fitter.Fit(data, treeRows, tracker.Fitting, cancellationToken);
        var fitting = Stopwatch.GetElapsedTime(started);
        tracker.Evaluating();
        started = Stopwatch.GetTimestamp();
        var artifact = Artifact(fitter, data, fitted);
        var model = CompiledModel.Compile(artifact);
        var scored = TableScorer.Score(model, data.Table, data.Test, data.Request.Threads, cancellationToken);
        var importance = Importance(model, fitted.ColumnImportance);
        var spec = data.Target.Prediction == PredictionKind.BinaryClassification
            ? artifact.Spec with { Percentiles = PercentileCuts.Of(scored.Positive()) }
            : artifact.Spec;
        artifact = artifact with { Spec = spec, Reference = ReferenceMaker.Make(data, spec, scored, importance) };
        model = CompiledModel.Compile(artifact);
        return new TrainedModel
        {
            Algorithm = fitter.Algorithm,
            Artifact = artifact,
            Compiled = model,
            Bytes = artifact.ToBytes(),
            Evaluation = Evaluate(data, artifact.Spec, fitted, scored),
            Importance = importance,
            Timings = new TrainingTimings(fitting, Stopwatch.GetElapsedTime(started)),
            Warnings = data.Plan.Warnings,
            Trees = artifact.Trees?.Trees ?? 0,
        };
    }

    private static ModelArtifact Artifact(IModelFitter fitter, TrainingData data, FittedModel fitted)
    {
        var selection = InputSelection.For(data, fitted.Features);
        var tables = selection.Steps.OfType<Models.Preparation.LookupStep>().Select(step => step.Table).ToHashSet(StringComparer.Ordinal);
        return new ModelArtifact
        {
            Spec = new ModelSpec
            {
                FormatVersion = ModelSpec.FormatFor(selection.Steps),
                Prediction = data.Target.Prediction,
                Target = data.Target.Name,
                Classes = fitted.Classes ?? data.Target.Classes,
                Inputs = selection.Inputs,
                IgnoredFields = [.. data.Table.Columns.Select(column => column.Name).Except(selection.Inputs.Select(field => field.Name), StringComparer.Ordinal)],
                Steps = selection.Steps,
                Features = fitted.Features,
                Predictor = fitted.Predictor,
                Threshold = fitted.Threshold,
                Algorithm = fitter.Name(data.Target.Prediction),
            },
            Trees = fitted.Trees,
            Lookups = data.Request.Lookups.Where(pair => tables.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal),
        };
    }

    private static ModelEvaluation Evaluate(TrainingData data, ModelSpec spec, FittedModel fitted, ScoredRows scored)
    {
        var evaluation = new ModelEvaluation { Rows = data.Test.Length };
        switch (data.Target.Prediction)
        {
            case PredictionKind.BinaryClassification:
                var positive = Array.ConvertAll(data.Test, row => data.Target.ClassOf(row) == 1);
                return evaluation with { Binary = BinaryEvaluator.Evaluate(scored.Positive(), positive, spec.Threshold) };
            case PredictionKind.Multiclass:
                var labels = Array.ConvertAll(data.Test, data.Target.ClassOf);
                return evaluation with { Multiclass = MulticlassEvaluator.Evaluate(scored.Probabilities, scored.Predicted, labels, data.Target.Classes) };
            case PredictionKind.Clustering:
                var fields = spec.Features.Select(feature => feature.Field).Distinct(StringComparer.Ordinal).Select(field => data.Prepared.Find(field)!);
                return evaluation with { Clustering = fitted.Clusters! with { Clusters = ClusterProfiler.Profile(fields, scored.Predicted, spec.Classes) } };
            default:
                var observed = Array.ConvertAll(data.Test, row => data.Target.Values[row]);
                return evaluation with { Regression = RegressionEvaluator.Evaluate(scored.Values, observed) };
        }
    }

    private static List<FieldImportance> Importance(CompiledModel model, double[] columns)
    {
        var total = columns.Sum();
        return [.. columns.Select((value, column) => (model.Columns[column].Field, Share: total > 0 ? value / total : 0))
            .GroupBy(pair => pair.Field, StringComparer.Ordinal)
            .Select(group => new FieldImportance(group.Key, group.Sum(pair => pair.Share)))
            .OrderByDescending(field => field.Share).ThenBy(field => field.Field, StringComparer.Ordinal)];
    }

    private static void Check(TrainingRequest request)
    {
        if (request.Algorithms.Count == 0)
            throw new TrainingException(TrainingErrorCode.BadRequest, "No algorithm is asked for.", "Ask for at least one.");
        var misplaced = request.Algorithms.Where(algorithm => (algorithm == TrainingAlgorithm.KMeans) != (request.Prediction == PredictionKind.Clustering)).ToList();
        if (misplaced.Count > 0)
            throw new TrainingException(
                TrainingErrorCode.BadRequest, $"{misplaced[0]} {(misplaced[0] == TrainingAlgorithm.KMeans ? "finds clusters and predicts no target" : "needs a target and finds no clusters")}.",
                "Ask for KMeans with the prediction Clustering, and for other algorithms with a target.");
        if (request.Threads is < 1 or > 64)
            throw new TrainingException(TrainingErrorCode.BadRequest, $"{request.Threads} threads are asked for; 1 to 64 can be had.", "Take the number of cores.");
    }
}
