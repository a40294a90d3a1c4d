namespace Peregrine.Designing.SavedModels;

/// <summary>A version of a saved model with where it came from.</summary>
public sealed record SavedModelVersion
{
    public required string Id { get; init; }
    public required bool Active { get; init; }
    public required string LabModelId { get; init; }
    public required string Algorithm { get; init; }
    public required string AlgorithmName { get; init; }
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>SHA-256 of the model artifact.</summary>
    public required string ArtifactDigest { get; init; }
    public required string DatasetRef { get; init; }

    /// <summary>SHA-256 over the files it was trained on.</summary>
    public required string DatasetDigest { get; init; }
    public required int Seed { get; init; }
    public required DateTimeOffset TrainedOn { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required string CreatedBy { get; init; }
}
