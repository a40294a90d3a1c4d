using System.Text.Json.Nodes;

namespace Peregrine.Packages.Kinds;

/// <summary>An endpoint on its way into a package; each kind has its own record.</summary>
public abstract record EndpointSource
{
    public required string Id { get; init; }

    /// <summary>Id of the kind.</summary>
    public abstract string Kind { get; }

    /// <summary>Queries as the wire contract has them: <c>[{"q":{…}}]</c>.</summary>
    public JsonArray TestQueries { get; init; } = [];
}
