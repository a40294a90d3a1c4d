using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Http;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Access.Admin;
using Peregrine.Serving.Access.Audit;
using Peregrine.Serving.Admin;

namespace Peregrine.Serving.Access.Keys;

/// <summary>The keys of one service on this node. A key itself is told once, when it is made.</summary>
internal static class ServiceKeyEndpoints
{
    private const string FromNode = "node";
    private const string FromPackage = "package";

    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/services/{service}/keys", List);
        admin.MapPut("/services/{service}/keys", PutAsync).ForRole(AdminRole.Operator);
        admin.MapPost("/services/{service}/keys", AddAsync).ForRole(AdminRole.Operator);
        admin.MapPost("/services/{service}/keys/{id}/actions/rotate", RotateAsync).ForRole(AdminRole.Operator);
        admin.MapDelete("/services/{service}/keys/{id}", RevokeAsync).ForRole(AdminRole.Operator);
    }

    private static ContentHttpResult List(string service, ServiceKeyChanges keys, TimeProvider clock)
    {
        var (set, packaged) = keys.KeysOf(service);
        var now = clock.GetUtcNow();
        var list = new JsonArray();
        foreach (var key in packaged) list.Add((JsonNode)Describe(key, set, now));
        foreach (var key in set.File.Keys) list.Add((JsonNode)Describe(key, set.Uses.LastOf(key.Hash), now));
        return TypedResults.Text(list.ToJsonString(), "application/json");
    }

    /// <summary>All keys of a Deployer at once; those of the node and of the package stay.</summary>
    private static async Task<ContentHttpResult> PutAsync(
        string service, HttpRequest request, ServiceKeyChanges keys, TimeProvider clock, CancellationToken cancellationToken)
    {
        var given = await JsonBody.ReadAsync(request, ApiNodeJson.Default.DeployedKeys, cancellationToken);
        await keys.SetDeployedAsync(service, DeployedKeyReader.Read(given), cancellationToken);
        return List(service, keys, clock);
    }

    private static async Task<ContentHttpResult> AddAsync(
        string service, HttpRequest request, ClaimsPrincipal user, ServiceKeyChanges keys, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var made = await keys.AddAsync(
            service, KeyBody.Text(body, "label") ?? "", KeyBody.Moment(body, "expiry"), KeyBody.Texts(body, "endpoints"), Who(user), cancellationToken);
        AuditNotes.Add(request.HttpContext, "made", made.Key.Id);
        return Tell(made, clock);
    }

    private static async Task<ContentHttpResult> RotateAsync(
        string service, string id, HttpRequest request, ClaimsPrincipal user, ServiceKeyChanges keys, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var made = await keys.RotateAsync(service, id, KeyBody.Seconds(body, "overlapSeconds"), KeyBody.Moment(body, "expiry"), Who(user), cancellationToken);
        AuditNotes.Add(request.HttpContext, "made", made.Key.Id);
        return Tell(made, clock);
    }

    private static async Task<ContentHttpResult> RevokeAsync(string service, string id, ServiceKeyChanges keys, CancellationToken cancellationToken)
    {
        await keys.RevokeAsync(service, id, cancellationToken);
        return Done.Ok();
    }

    private static ContentHttpResult Tell(NewServiceKey made, TimeProvider clock)
    {
        var answer = Describe(made.Key, lastUsed: null, clock.GetUtcNow());
        answer["key"] = made.Secret;
        return TypedResults.Text(answer.ToJsonString(), "application/json");
    }

    private static JsonObject Describe(StoredServiceKey key, DateTimeOffset? lastUsed, DateTimeOffset now) => new()
    {
        ["id"] = key.Id,
        ["label"] = key.Label,
        ["source"] = key.Source ?? FromNode,
        ["state"] = State(key.Expiry, now),
        ["createdOn"] = key.CreatedOn.ToUnixTimeMilliseconds(),
        ["createdBy"] = key.CreatedBy,
        ["expiry"] = key.Expiry?.ToUnixTimeMilliseconds(),
        ["lastUsed"] = lastUsed,
        ["endpoints"] = Names(key.Endpoints),
        ["replaces"] = key.Replaces,
    };

    private static JsonObject Describe(ServiceApiKey key, ServiceKeySet set, DateTimeOffset now)
    {
        var end = set.EndOf(key);
        return new JsonObject
        {
            ["id"] = key.Id,
            ["label"] = key.Label ?? "",
            ["source"] = FromPackage,
            ["state"] = State(end, now),
            ["expiry"] = end?.ToUnixTimeMilliseconds(),
            ["lastUsed"] = set.Uses.LastOf(key.Hash),
            ["endpoints"] = Names(key.Endpoints),
        };
    }

    private static string State(DateTimeOffset? end, DateTimeOffset now) => end <= now ? "expired" : "active";

    private static JsonArray? Names(IReadOnlyList<string>? endpoints) => endpoints is null ? null : [.. endpoints.Select(endpoint => (JsonNode)endpoint)];

    private static string? Who(ClaimsPrincipal user) => user.FindFirstValue(ApiKeyDefaults.KeyIdClaim);
}
