namespace Peregrine.Designing.Projects;

/// <summary>A project in a list.</summary>
public sealed record ProjectSummary
{
    public required string ProjectKey { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required string Owner { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required DateTimeOffset ChangedOn { get; init; }
    public required int Datasets { get; init; }
    public required int Analyses { get; init; }
    public required int SavedModels { get; init; }
    public required int ApiServices { get; init; }
}
