namespace Peregrine.Designing.ApiServices;

/// <summary>What one endpoint of a package holds.</summary>
public sealed record PackagedEndpoint
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required string SavedModel { get; init; }
    public required string SavedModelVersion { get; init; }
    public required string ModelDigest { get; init; }
    public required int GoldenRecords { get; init; }
    public required int TestQueries { get; init; }
}
