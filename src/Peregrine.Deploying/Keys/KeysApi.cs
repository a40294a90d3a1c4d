using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Rest;
using Peregrine.Hosting.Http;

namespace Peregrine.Deploying.Keys;

internal static class KeysApi
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/deployments/{deploymentId}/keys");
        group.MapGet("/", ListAsync);
        group.MapPost("/", AddAsync);
        group.MapPost("/{keyId}/actions/rotate", RotateAsync);
        group.MapDelete("/{keyId}", RevokeAsync);
    }

    private static async Task<IResult> ListAsync(string deploymentId, DeploymentKeyService keys, CancellationToken cancellationToken) =>
        Answers.Json(await keys.ListAsync(deploymentId, cancellationToken), DeployerJson.Default.DeploymentKeys);

    private static async Task<IResult> AddAsync(string deploymentId, HttpContext context, DeploymentKeyService keys, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, DeployerJson.Default.NewKeyRequest, cancellationToken);
        return Answers.Json(await keys.AddAsync(deploymentId, body, Answers.Requester(context), cancellationToken), DeployerJson.Default.KeyChange);
    }

    private static async Task<IResult> RotateAsync(
        string deploymentId, string keyId, HttpContext context, DeploymentKeyService keys, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context.Request, DeployerJson.Default.RotateKeyRequest, cancellationToken);
        return Answers.Json(await keys.RotateAsync(deploymentId, keyId, body, Answers.Requester(context), cancellationToken), DeployerJson.Default.KeyChange);
    }

    private static async Task<IResult> RevokeAsync(string deploymentId, string keyId, DeploymentKeyService keys, CancellationToken cancellationToken) =>
        Answers.Json(await keys.RevokeAsync(deploymentId, keyId, cancellationToken), DeployerJson.Default.KeyChange);
}
