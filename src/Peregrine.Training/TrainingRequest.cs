using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Preparation;
using Peregrine.Training.Clustering;
using Peregrine.Training.Planning;
using Peregrine.Training.Splitting;

namespace Peregrine.Training;

/// <summary>What to learn, from what. Everything but the table and the target has a default.</summary>
public sealed record TrainingRequest
{
    public required Table Table { get; init; }

    /// <summary>The column to predict; clustering: empty.</summary>
    public required string Target { get; init; }

    /// <summary>Null: guessed from the target's values. Clustering learns from all rows: nothing is held back to test with.</summary>
    public PredictionKind? Prediction { get; init; }

    /// <summary>Binary: the label that counts as positive; null: 1, true, yes, or else the rarer one.</summary>
    public string? PositiveClass { get; init; }

    /// <summary>Columns not to learn from, such as ids.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Steps between the record as it comes in and its features.</summary>
    public IReadOnlyList<PreparationStep> Steps { get; init; } = [];

    /// <summary>The reference tables of the lookup steps, by name.</summary>
    public IReadOnlyDictionary<string, LookupTable> Lookups { get; init; } = new Dictionary<string, LookupTable>(StringComparer.Ordinal);

    /// <summary>Handling of fields by name, where the guess is not wanted.</summary>
    public IReadOnlyDictionary<string, ColumnHandling> Handling { get; init; } = new Dictionary<string, ColumnHandling>(StringComparer.Ordinal);

    public SplitSpec Split { get; init; } = new RandomSplit();

    /// <summary>In the order of training.</summary>
    public IReadOnlyList<TrainingAlgorithm> Algorithms { get; init; } =
        [TrainingAlgorithm.LinearModel, TrainingAlgorithm.RandomForest, TrainingAlgorithm.GradientBoostedTrees];

    /// <summary>Clustering: how.</summary>
    public ClusteringSpec Clustering { get; init; } = new();

    /// <summary>Leave out rows without a target instead of refusing the table.</summary>
    public bool DropRowsWithoutTarget { get; init; }

    /// <summary>Of everything random in training; the same seed gives the same model, bit for bit, on the same machine.</summary>
    public int Seed { get; init; } = 1337;

    /// <summary>Threads to train with: 1 to 64, default 2.</summary>
    public int Threads { get; init; } = 2;
}
