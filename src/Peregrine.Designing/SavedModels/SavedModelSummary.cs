namespace Peregrine.Designing.SavedModels;

/// <summary>A saved model in a list.</summary>
public sealed record SavedModelSummary
{
    public required string ProjectKey { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string PredictionType { get; init; }
    public required string Target { get; init; }
    public required string ActiveVersion { get; init; }
    public required int Versions { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
}
