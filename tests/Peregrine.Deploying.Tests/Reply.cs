using System.Net;
using System.Text.Json.Nodes;

namespace Peregrine.Deploying.Tests;

/// <summary>What a call answered.</summary>
internal sealed record Reply(HttpStatusCode Status, string Body, string? ETag)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Text(params string[] path) => (string?)path.Aggregate((JsonNode?)Json, (node, member) => node?[member]);

    public IReadOnlyList<string?> Codes => [.. Json["healthMessages"]!["messages"]!.AsArray().Select(message => (string?)message!["code"])];

    public Reply ShouldSucceed()
    {
        Status.ShouldBe(HttpStatusCode.OK, Body);
        return this;
    }

    /// <summary>An error object with the members that the public client reads.</summary>
    public Reply ShouldFail(HttpStatusCode status, string errorType)
    {
        Status.ShouldBe(status, Body);
        Text("errorType").ShouldBe(errorType, Body);
        Text("message").ShouldNotBeNullOrEmpty();
        Text("detailedMessage").ShouldNotBeNullOrEmpty();
        return this;
    }
}
