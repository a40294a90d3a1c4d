using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Designing.ApiServices;

/// <summary>What answers and the query log hold of an endpoint's records.</summary>
public sealed record EndpointLog
{
    public PostEnrichmentSettings PostEnrichment { get; init; } = new();

    /// <summary>Columns that the query log does not keep as they are; the first rule that names a column decides.</summary>
    public IReadOnlyList<LogColumnRule> Columns { get; init; } = [];
}
