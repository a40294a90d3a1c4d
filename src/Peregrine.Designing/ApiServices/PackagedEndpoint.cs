namespace Peregrine.Designing.ApiServices;

/// <summary>What one endpoint of a package holds.</summary>
public sealed record PackagedEndpoint
{
    public required string Id { get; init; }
    public required string Type { get; init; }

    /// <summary>Null for an endpoint without a model.</summary>
    public string? SavedModel { get; init; }
    public string? SavedModelVersion { get; init; }
    public string? ModelDigest { get; init; }

    /// <summary>The dataset that a lookup's rows were copied from, as <c>PROJECT.name</c>; null for other kinds.</summary>
    public string? Dataset { get; init; }

    /// <summary>Rows of the dataset when they were copied.</summary>
    public int? Rows { get; init; }
    public int? GoldenRecords { get; init; }
    public required int TestQueries { get; init; }
}
