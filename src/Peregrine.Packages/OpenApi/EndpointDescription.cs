using System.Text.Json.Nodes;

namespace Peregrine.Packages.OpenApi;

/// <summary>An endpoint's part of an OpenAPI 3.1 document.</summary>
/// <param name="Paths">Path items by suffix, such as <c>/predict</c>.</param>
/// <param name="Schemas">Component schemas by a name that starts with the endpoint's id.</param>
public sealed record EndpointDescription(JsonObject Paths, JsonObject Schemas);
