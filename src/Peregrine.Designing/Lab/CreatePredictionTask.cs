namespace Peregrine.Designing.Lab;

/// <summary>What is asked for a new task of prediction or clustering; what is left out is guessed from the data.</summary>
public sealed record CreatePredictionTask
{
    /// <summary>A dataset of the project, or <c>PROJECT.name</c>.</summary>
    public required string InputDataset { get; init; }

    /// <summary>Clustering: empty.</summary>
    public required string TargetVariable { get; init; }

    /// <summary><c>BINARY_CLASSIFICATION</c>, <c>MULTICLASS</c> or <c>REGRESSION</c>; <c>CLUSTERING</c> is never guessed.</summary>
    public string? PredictionType { get; init; }

    /// <summary>Columns that are not to be used, besides those that the guess rejects.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Rows are split by this column, earlier ones for training; null splits at random.</summary>
    public string? TimeVariable { get; init; }
}
