using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Rest;

namespace Peregrine.Deploying.Shadows;

internal static class ShadowsApi
{
    /// <summary>Only reading: shadows are wanted in the settings of the deployment.</summary>
    public static void MapShadows(this IEndpointRouteBuilder routes) => routes.MapGet("/deployments/{deploymentId}/shadows", GetAsync);

    private static async Task<IResult> GetAsync(string deploymentId, DeploymentShadowing shadows, CancellationToken cancellationToken) =>
        Answers.Json(await shadows.ReadAsync(deploymentId, cancellationToken), DeployerJson.Default.DeploymentShadows);
}
