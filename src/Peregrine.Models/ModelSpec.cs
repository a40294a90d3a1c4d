using Peregrine.Models.Features;
using Peregrine.Models.Predictors;
using Peregrine.Models.Preparation;
using Peregrine.Records;

namespace Peregrine.Models;

/// <summary>A model as data: everything but the tree arrays and lookup tables, which stand beside it in a <see cref="Artifacts.ModelArtifact"/>.</summary>
public sealed record ModelSpec
{
    /// <summary>The newest format this code writes and reads; older ones keep working.</summary>
    public const int CurrentFormatVersion = 2;

    /// <summary>The oldest format that says all of the model: see <see cref="FormatFor"/>.</summary>
    public int FormatVersion { get; set; } = 1;

    public required PredictionKind Prediction { get; init; }

    /// <summary>The column that was learnt; clustering: empty. Callers never send it.</summary>
    public required string Target { get; init; }

    /// <summary>Class labels as callers see them; binary: [negative, positive]; regression: empty; clustering: one per centroid, then that of outliers if there are any.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>What a caller sends, in order.</summary>
    public required IReadOnlyList<Field> Inputs { get; init; }

    /// <summary>Known columns that the model does not use (ids, the target): accepted and dropped.</summary>
    public IReadOnlyList<string> IgnoredFields { get; set; } = [];

    /// <summary>Fields of the prepared record without which a row is not scored (reason <c>IGNORED_BY_MODEL</c>).</summary>
    public IReadOnlyList<string> DropIfMissing { get; set; } = [];

    public IReadOnlyList<PreparationStep> Steps { get; set; } = [];

    public required IReadOnlyList<FeatureSpec> Features { get; init; }

    public required PredictorSpec Predictor { get; init; }

    /// <summary>Binary: the positive class is predicted from this probability on, 0 to 1.</summary>
    public double Threshold { get; set; } = 0.5;

    /// <summary>Binary: ascending cuts of P(positive) over the test rows; how many are at or below a score is its percentile, 0 to 100.</summary>
    public IReadOnlyList<double>? Percentiles { get; init; }

    /// <summary>Which algorithm, for people: for example <c>Gradient-boosted trees</c>.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The format that a model with such steps needs, so that a program that would leave out a part of them refuses the model: 2 for lookups that ignore records, else 1.</summary>
    public static int FormatFor(IReadOnlyList<PreparationStep> steps) => steps.OfType<LookupStep>().Any(step => step.CanIgnore) ? 2 : 1;
}
