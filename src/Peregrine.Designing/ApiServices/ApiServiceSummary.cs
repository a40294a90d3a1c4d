namespace Peregrine.Designing.ApiServices;

/// <summary>An API service in a list.</summary>
public sealed record ApiServiceSummary
{
    public required string ProjectKey { get; init; }
    public required string Id { get; init; }

    /// <summary><c>PUBLIC</c>, <c>API_KEYS</c> or <c>OAUTH2</c>.</summary>
    public required string AuthMethod { get; init; }
    public required IReadOnlyList<EndpointSummary> Endpoints { get; init; }
    public required int Packages { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required DateTimeOffset ChangedOn { get; init; }
    public required string ChangedBy { get; init; }
}
