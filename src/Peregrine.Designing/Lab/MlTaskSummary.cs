namespace Peregrine.Designing.Lab;

/// <summary>An ML task in a list.</summary>
public sealed record MlTaskSummary
{
    public required MlTaskRef Task { get; init; }
    public required string TargetVariable { get; init; }
    public required string PredictionType { get; init; }
    public required string InputDataset { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required int Sessions { get; init; }
}
