namespace Peregrine.Designing.Lab;

/// <summary>An analysis in a list.</summary>
public sealed record AnalysisSummary
{
    public required string AnalysisId { get; init; }
    public required string Name { get; init; }
    public required string InputDataset { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required int MlTasks { get; init; }
}
