using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;
using Peregrine.Serving.Access.Admin;
using Peregrine.Serving.Access.Audit;

namespace Peregrine.Serving.Admin;

/// <summary>The admin keys of the node. A key itself is told once, when it is made.</summary>
internal static class KeyEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/keys", List).ForRole(AdminRole.Deployer);
        admin.MapPost("/keys", AddAsync);
        admin.MapDelete("/keys/{key}", DeleteAsync);
        admin.MapDelete("/keys/{id}/key", DeleteByIdAsync);
    }

    private static ContentHttpResult List(AdminKeyStore keys) =>
        TypedResults.Text(new JsonArray([.. keys.List().Select(key => (JsonNode)Describe(key))]).ToJsonString(), "application/json");

    private static async Task<ContentHttpResult> AddAsync(HttpRequest request, AdminKeyStore keys, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var label = KeyBody.Text(body, "label") ?? "";
        var made = await keys.AddAsync(label, KeyBody.Text(body, "description"), KeyBody.Text(body, "createdBy"), KeyBody.Moment(body, "expiry"), Role(body), cancellationToken);
        AuditNotes.Add(request.HttpContext, "made", made.Key.Id);
        var answer = Describe(made.Key);
        answer["key"] = made.Secret;
        return TypedResults.Text(answer.ToJsonString(), "application/json");
    }

    private static async Task<ContentHttpResult> DeleteAsync(string key, AdminKeyStore keys, CancellationToken cancellationToken)
    {
        if (!await keys.DeleteAsync(key, cancellationToken)) throw Unknown();
        return Done.Ok();
    }

    private static async Task<ContentHttpResult> DeleteByIdAsync(string id, AdminKeyStore keys, CancellationToken cancellationToken)
    {
        if (!await keys.DeleteByIdAsync(id, cancellationToken)) throw Unknown();
        return Done.Ok();
    }

    private static JsonObject Describe(AdminKey key) => new()
    {
        ["id"] = key.Id,
        ["label"] = key.Label,
        ["description"] = key.Description,
        ["createdBy"] = key.CreatedBy,
        ["createdOn"] = key.CreatedOn.ToUnixTimeMilliseconds(),
        ["expiry"] = key.Expiry?.ToUnixTimeMilliseconds(),
        ["role"] = AdminRoles.NameOf(key.Role),
    };

    private static AdminRole Role(JsonObject body) => KeyBody.Text(body, "role") is not { } text
        ? AdminRole.Deployer
        : AdminRoles.Parse(text) ?? throw KeyBody.Bad("role", "must be reader, operator or deployer");

    private static ApiErrorException Unknown() => ApiError.NotFound("There is no such admin key.", errorType: "KeyNotFound").AsException();
}
