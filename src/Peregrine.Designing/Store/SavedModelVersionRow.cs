namespace Peregrine.Designing.Store;

/// <summary>One immutable version of a saved model with all that tells where it came from.</summary>
public sealed class SavedModelVersionRow : IRevisioned
{
    public required string ProjectKey { get; init; }
    public required string SavedModelId { get; init; }
    public required string Id { get; init; }
    public required string LabModelId { get; init; }
    public required string Algorithm { get; init; }
    public required string ArtifactDigest { get; init; }
    public required string GoldenDigest { get; init; }
    public required string MetricsJson { get; init; }
    public required string EvaluationJson { get; init; }
    public required string SettingsJson { get; init; }
    public required string StepsJson { get; init; }
    public required string DatasetRef { get; init; }
    public required string DatasetDigest { get; init; }
    public required int Seed { get; init; }
    public required DateTimeOffset TrainedOn { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required string CreatedBy { get; init; }
    public string? UserMetaJson { get; set; }
    public int Revision { get; set; }
}
