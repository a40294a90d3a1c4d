namespace Peregrine.Designing.Store;

/// <summary>A model of a training session: what was asked, how it went, what came out.</summary>
public sealed class TrainedModelRow : IRevisioned
{
    /// <summary><c>A-{project}-{analysis}-{task}-s{n}-pp{n}-m{n}</c>.</summary>
    public required string Id { get; init; }
    public required string ProjectKey { get; init; }
    public required string AnalysisId { get; init; }
    public required string TaskId { get; init; }
    public required string SessionId { get; init; }
    public required string Algorithm { get; init; }
    public required string PredictionType { get; init; }
    public required RunState State { get; set; }
    public required DateTimeOffset CreatedOn { get; init; }
    public DateTimeOffset? StartedOn { get; set; }
    public DateTimeOffset? EndedOn { get; set; }
    public string? Failure { get; set; }

    /// <summary>The settings document and preparation steps this model was trained with.</summary>
    public required string SettingsJson { get; init; }
    public required string StepsJson { get; init; }
    public required string DatasetRef { get; init; }
    public string? DatasetDigest { get; set; }
    public int Seed { get; set; }

    /// <summary>SHA-256 of the model artifact among the blobs, once trained.</summary>
    public string? ArtifactDigest { get; set; }

    /// <summary>SHA-256 of the records chosen from the test rows, among the blobs.</summary>
    public string? GoldenDigest { get; set; }
    public string? MetricsJson { get; set; }
    public string? EvaluationJson { get; set; }
    public string? UserMetaJson { get; set; }
    public int Revision { get; set; }
}
