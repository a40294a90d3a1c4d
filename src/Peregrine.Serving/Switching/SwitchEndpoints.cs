using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Http;

namespace Peregrine.Serving.Switching;

/// <summary>Switching in two steps: prepare, then commit or abort.</summary>
internal static class SwitchEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/services/{service}/switches", List);
        admin.MapGet("/services/{service}/switches/{id}", Get);
        admin.MapPut("/services/{service}/switches/{id}", PrepareAsync);
        admin.MapPost("/services/{service}/switches/{id}/commit", CommitAsync);
        admin.MapPost("/services/{service}/switches/{id}/abort", AbortAsync);
    }

    private static JsonHttpResult<NodeSwitches> List(string service, SwitchChanges switches) =>
        TypedResults.Json(switches.List(service), ApiNodeJson.Default.NodeSwitches);

    private static JsonHttpResult<NodeSwitch> Get(string service, string id, SwitchChanges switches) => Answer(switches.Find(service, id));

    private static async Task<JsonHttpResult<NodeSwitch>> PrepareAsync(
        string service, string id, HttpRequest request, SwitchChanges switches, CancellationToken cancellationToken)
    {
        var wanted = await JsonBody.ReadAsync(request, ApiNodeJson.Default.PrepareSwitch, cancellationToken);
        return Answer(await switches.PrepareAsync(service, id, wanted, cancellationToken));
    }

    private static async Task<JsonHttpResult<NodeSwitch>> CommitAsync(string service, string id, SwitchChanges switches, CancellationToken cancellationToken) =>
        Answer(await switches.CommitAsync(service, id, cancellationToken));

    private static async Task<JsonHttpResult<NodeSwitch>> AbortAsync(string service, string id, SwitchChanges switches, CancellationToken cancellationToken) =>
        Answer(await switches.AbortAsync(service, id, cancellationToken));

    private static JsonHttpResult<NodeSwitch> Answer(NodeSwitch told) => TypedResults.Json(told, ApiNodeJson.Default.NodeSwitch);
}
