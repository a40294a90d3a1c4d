using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;
using Peregrine.Serving.Access.Admin;
using Peregrine.Serving.Access.Audit;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Admin;

/// <summary>Services: create, list, look at, enable, map, delete.</summary>
internal static class ServiceEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapPost("/services", CreateAsync);
        admin.MapGet("/services", List);
        admin.MapGet("/services/{service}", Get);
        admin.MapDelete("/services/{service}", DeleteAsync);
        admin.MapPost("/services/{service}/actions/enable", EnableAsync).ForRole(AdminRole.Operator);
        admin.MapPost("/services/{service}/actions/disable", DisableAsync).ForRole(AdminRole.Operator);
        admin.MapPost("/services/{service}/actions/setMapping", SetMappingAsync).ForRole(AdminRole.Operator);
        admin.MapPost("/services/{service}/actions/switchToNewest", SwitchToNewestAsync).ForRole(AdminRole.Operator);
        admin.MapPost("/services/{service}/actions/switchTo/{generation}", SwitchToAsync).ForRole(AdminRole.Operator);
        admin.MapDelete("/services-clean-unused", CleanUnusedAsync);
    }

    private static async Task<ContentHttpResult> CreateAsync(HttpRequest request, ServiceChanges changes, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadObjectAsync(request, cancellationToken);
        var id = body["serviceId"] is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw ApiError.BadRequest("The body must hold the new service's id.", "The body must hold the new service's id: {\"serviceId\":\"fraud\"}.", "MissingMember").AsException();
        AuditNotes.Add(request.HttpContext, "service", id);
        await changes.CreateAsync(id, cancellationToken);
        return Done.Ok();
    }

    private static JsonHttpResult<IReadOnlyList<NodeServiceSummary>> List(NodeState node)
    {
        IReadOnlyList<NodeServiceSummary> services =
        [
            .. node.Current.Services.Values.OrderBy(service => service.Id, StringComparer.Ordinal)
                .Select(service => new NodeServiceSummary { ServiceId = service.Id, Enabled = service.Document.Enabled, Mapping = service.Document.Mapping }),
        ];
        return TypedResults.Json(services, ApiNodeJson.Default.IReadOnlyListNodeServiceSummary);
    }

    private static JsonHttpResult<NodeService> Get(string service, NodeDescription description) =>
        TypedResults.Json(description.Describe(service), ApiNodeJson.Default.NodeService);

    private static async Task<ContentHttpResult> DeleteAsync(string service, ServiceChanges changes, CancellationToken cancellationToken)
    {
        await changes.DeleteAsync(service, cancellationToken);
        return Done.Ok();
    }

    private static async Task<ContentHttpResult> EnableAsync(string service, ServiceChanges changes, CancellationToken cancellationToken)
    {
        await changes.SetEnabledAsync(service, enabled: true, cancellationToken);
        return Done.Ok();
    }

    private static async Task<ContentHttpResult> DisableAsync(string service, ServiceChanges changes, CancellationToken cancellationToken)
    {
        await changes.SetEnabledAsync(service, enabled: false, cancellationToken);
        return Done.Ok();
    }

    private static async Task<ContentHttpResult> SetMappingAsync(string service, HttpRequest request, ServiceChanges changes, CancellationToken cancellationToken)
    {
        var mapping = await JsonBody.ReadAsync(request, ApiNodeJson.Default.NodeMapping, cancellationToken);
        await changes.SetMappingAsync(service, mapping, cancellationToken);
        return Done.Ok();
    }

    private static async Task<ContentHttpResult> SwitchToNewestAsync(string service, ServiceChanges changes, CancellationToken cancellationToken) =>
        Done.With(new JsonObject { ["generation"] = await changes.SwitchToNewestAsync(service, cancellationToken) });

    private static async Task<ContentHttpResult> SwitchToAsync(string service, string generation, ServiceChanges changes, CancellationToken cancellationToken)
    {
        await changes.SetMappingAsync(service, NodeMapping.Single(generation), cancellationToken);
        return Done.Ok();
    }

    private static async Task<ContentHttpResult> CleanUnusedAsync(GenerationChanges changes, CancellationToken cancellationToken)
    {
        var (services, generations) = await changes.CleanUnusedAsync(cancellationToken);
        return Done.With(new JsonObject
        {
            ["deletedServices"] = new JsonArray([.. services.Select(id => (JsonNode)id)]),
            ["deletedGenerations"] = new JsonArray([.. generations.Select(id => (JsonNode)id)]),
        });
    }
}
