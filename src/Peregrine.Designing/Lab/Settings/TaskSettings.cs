using Peregrine.Models;
using Peregrine.Training.Clustering;
using Peregrine.Training.Planning;
using Peregrine.Training.Splitting;

namespace Peregrine.Designing.Lab.Settings;

/// <summary>What a settings document asks of a training, understood and checked.</summary>
internal sealed record TaskSettings
{
    public required PredictionKind Prediction { get; init; }
    public required string Target { get; init; }

    /// <summary>Binary: the label that counts as positive, when the document names one.</summary>
    public string? PositiveClass { get; init; }
    public required IReadOnlyList<string> Ignore { get; init; }
    public required IReadOnlyDictionary<string, ColumnHandling> Handling { get; init; }
    public required SplitSpec Split { get; init; }

    /// <summary>Counts for clustering alone.</summary>
    public ClusteringSpec Clustering { get; init; } = new();

    /// <summary>Keys under <c>modeling</c>, in the order of training.</summary>
    public required IReadOnlyList<string> Algorithms { get; init; }
    public required int Seed { get; init; }

    /// <summary>Leave out rows without a target instead of refusing the table.</summary>
    public required bool DropRowsWithoutTarget { get; init; }

    /// <summary>What the document asks for that is known and not done; it goes with the models as diagnostics.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
