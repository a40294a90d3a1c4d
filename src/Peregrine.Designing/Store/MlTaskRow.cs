namespace Peregrine.Designing.Store;

/// <summary>An ML task of an analysis with its settings document.</summary>
public sealed class MlTaskRow : IRevisioned
{
    public required string ProjectKey { get; init; }
    public required string AnalysisId { get; init; }
    public required string Id { get; init; }
    public required string Target { get; set; }
    public required string PredictionType { get; set; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required string SettingsJson { get; set; }

    /// <summary>Number of training sessions begun so far.</summary>
    public int Sessions { get; set; }
    public int Revision { get; set; }
}
