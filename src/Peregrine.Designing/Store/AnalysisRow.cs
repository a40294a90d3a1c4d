namespace Peregrine.Designing.Store;

/// <summary>A visual analysis of one dataset: a preparation script and the ML tasks below it.</summary>
public sealed class AnalysisRow : IRevisioned
{
    public required string ProjectKey { get; init; }
    public required string Id { get; init; }
    public required string InputDataset { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required string DocumentJson { get; set; }
    public int Revision { get; set; }
}
