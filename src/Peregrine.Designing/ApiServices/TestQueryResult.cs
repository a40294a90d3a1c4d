using System.Text.Json.Nodes;

namespace Peregrine.Designing.ApiServices;

/// <summary>A test query and what the endpoint's model answered, in process.</summary>
public sealed record TestQueryResult
{
    public required JsonObject Query { get; init; }

    /// <summary>The <c>result</c> of a prediction answer; null when the query was refused.</summary>
    public JsonObject? Result { get; init; }

    /// <summary>Why the query was refused, in the caller's words.</summary>
    public string? Error { get; init; }
    public required TimeSpan Elapsed { get; init; }
}
