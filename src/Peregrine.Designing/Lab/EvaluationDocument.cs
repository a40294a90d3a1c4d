using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Training;
using Peregrine.Training.Evaluation;
using Peregrine.Training.Planning;

namespace Peregrine.Designing.Lab;

/// <summary>What is kept of a training beside the model itself.</summary>
public sealed record EvaluationDocument
{
    public required ModelEvaluation Evaluation { get; init; }

    /// <summary>Largest first, shares of 1.</summary>
    public required IReadOnlyList<FieldImportance> Importance { get; init; }

    /// <summary>What became of each column, and why.</summary>
    public required IReadOnlyList<ColumnPlan> Columns { get; init; }
    public required IReadOnlyList<string> Classes { get; init; }
    public required int TrainRows { get; init; }
    public required int TestRows { get; init; }
    public required int Trees { get; init; }
    public required double FittingMs { get; init; }
    public required double EvaluatingMs { get; init; }

    /// <summary>What the owner of the data should know.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Under their wire names.</summary>
    public IReadOnlyDictionary<string, double> Metrics()
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        if (Evaluation.Binary is { } binary)
        {
            metrics["auc"] = binary.RocAuc;
            metrics["averagePrecision"] = binary.AveragePrecision;
            metrics["logLoss"] = binary.LogLoss;
            metrics["brier"] = binary.Brier;
            metrics["f1"] = binary.AtThreshold.F1;
            metrics["accuracy"] = binary.AtThreshold.Accuracy;
            metrics["precision"] = binary.AtThreshold.Precision;
            metrics["recall"] = binary.AtThreshold.Recall;
        }
        else if (Evaluation.Multiclass is { } classes)
        {
            metrics["auc"] = classes.MeanRocAuc;
            metrics["logLoss"] = classes.LogLoss;
            metrics["accuracy"] = classes.Accuracy;
            metrics["precision"] = classes.Classes.Average(figures => figures.Precision);
            metrics["recall"] = classes.Classes.Average(figures => figures.Recall);
            metrics["f1"] = classes.Classes.Average(figures => figures.F1);
        }
        else if (Evaluation.Regression is { } regression)
        {
            metrics["r2"] = regression.RSquared;
            metrics["rmse"] = regression.RootMeanSquaredError;
            metrics["mae"] = regression.MeanAbsoluteError;
        }
        else if (Evaluation.Clustering is { } clusters)
        {
            metrics["silhouette"] = clusters.Silhouette;
            metrics["inertia"] = clusters.Inertia;
            metrics["explainedVariance"] = clusters.ExplainedVariance;
            metrics["clusters"] = clusters.Count;
        }

        foreach (var (name, value) in metrics.ToList())
            if (!double.IsFinite(value)) metrics.Remove(name);
        return metrics;
    }

    internal static EvaluationDocument Of(TrainingResult result, TrainedModel model, IEnumerable<string> notes) => new()
    {
        Evaluation = model.Evaluation,
        Importance = model.Importance,
        Columns = result.Plan.Columns,
        Classes = model.Artifact.Spec.Classes,
        TrainRows = result.TrainRows,
        TestRows = result.TestRows.Count,
        Trees = model.Trees,
        FittingMs = model.Timings.Fitting.TotalMilliseconds,
        EvaluatingMs = model.Timings.Evaluating.TotalMilliseconds,
        Warnings = [.. result.Plan.Warnings, .. model.Warnings, .. notes],
    };

    internal string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Default.EvaluationDocument);

    internal static EvaluationDocument Parse(string json) =>
        JsonSerializer.Deserialize(json, EvaluationJson.Default.EvaluationDocument) ?? throw new InvalidDataException("A stored evaluation is empty.");
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EvaluationDocument))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
