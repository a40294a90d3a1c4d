using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Designing.Json;
using Peregrine.Designing.Rest;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;

namespace Peregrine.Designing.ApiServices.Access;

/// <summary>Who may ask a service, by REST. A key itself is told once, when it is made.</summary>
internal static class ServiceAccessEndpoints
{
    /// <param name="service">Routes of one service.</param>
    public static void MapAccess(this RouteGroupBuilder service)
    {
        service.MapGet("/authorization", GetAsync);
        service.MapPut("/authorization", ChangeAsync);
        service.MapGet("/keys", ListAsync);
        service.MapPost("/keys", AddAsync);
        service.MapPost("/keys/{keyId}/actions/rotate", RotateAsync);
        service.MapDelete("/keys/{keyId}", RevokeAsync);
    }

    private static async Task<IResult> GetAsync(string projectKey, string serviceId, ServiceAccess access, CancellationToken cancellationToken) =>
        Answers.Json(await access.GetAuthorizationAsync(projectKey, serviceId, cancellationToken));

    private static async Task<IResult> ChangeAsync(string projectKey, string serviceId, HttpRequest request, ServiceAccess access, CancellationToken cancellationToken)
    {
        var changes = await JsonBody.ReadObjectAsync(request, cancellationToken);
        await access.ChangeAuthorizationAsync(projectKey, serviceId, changes, Answers.Actor(request.HttpContext), cancellationToken);
        return Answers.Json(await access.GetAuthorizationAsync(projectKey, serviceId, cancellationToken));
    }

    private static async Task<IResult> ListAsync(string projectKey, string serviceId, ServiceAccess access, TimeProvider time, CancellationToken cancellationToken) =>
        Answers.List((await access.ListKeysAsync(projectKey, serviceId, cancellationToken)).Select(key => Wire(key, time.GetUtcNow())));

    private static async Task<IResult> AddAsync(
        string projectKey, string serviceId, HttpRequest request, ServiceAccess access, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var faults = new List<ApiErrorItem>();
        var label = AccessMembers.Text(body, "label", "", faults);
        var expiry = AccessMembers.Moment(body, QueryKeys.Expiry, "", faults);
        var endpoints = AccessMembers.Texts(body, QueryKeys.Endpoints, "", faults);
        AccessMembers.Refuse("The key cannot be made.", faults);
        return Tell(await access.AddKeyAsync(projectKey, serviceId, label, expiry, endpoints, Answers.Actor(request.HttpContext), cancellationToken), time);
    }

    private static async Task<IResult> RotateAsync(
        string projectKey, string serviceId, string keyId, HttpRequest request, ServiceAccess access, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var faults = new List<ApiErrorItem>();
        var overlap = AccessMembers.Seconds(body, "overlapSeconds", "", faults);
        var expiry = AccessMembers.Moment(body, QueryKeys.Expiry, "", faults);
        AccessMembers.Refuse("The key cannot be rotated.", faults);
        return Tell(await access.RotateKeyAsync(projectKey, serviceId, keyId, overlap, expiry, Answers.Actor(request.HttpContext), cancellationToken), time);
    }

    private static async Task<IResult> RevokeAsync(
        string projectKey, string serviceId, string keyId, HttpContext context, ServiceAccess access, CancellationToken cancellationToken)
    {
        await access.RevokeKeyAsync(projectKey, serviceId, keyId, Answers.Actor(context), cancellationToken);
        return Answers.Ok();
    }

    private static IResult Tell(GeneratedKey made, TimeProvider time)
    {
        var answer = Wire(made.Key, time.GetUtcNow());
        answer["secret"] = made.Secret;
        return Answers.Json(answer);
    }

    private static JsonObject Wire(ServiceKey key, DateTimeOffset now) => new()
    {
        ["id"] = key.Id,
        ["label"] = key.Label,
        ["state"] = key.IsExpired(now) ? "expired" : "active",
        ["createdBy"] = key.CreatedBy,
        ["createdOn"] = key.CreatedOn.ToUnixTimeMilliseconds(),
        [QueryKeys.Expiry] = QueryKeys.Wire(key.Expiry),
        [QueryKeys.Endpoints] = QueryKeys.Wire(key.Endpoints),
        [QueryKeys.Replaces] = key.Replaces,
    };
}
