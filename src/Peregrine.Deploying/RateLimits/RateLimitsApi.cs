using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Rest;

namespace Peregrine.Deploying.RateLimits;

internal static class RateLimitsApi
{
    /// <summary>Only reading: rules are wanted in the settings of the deployment.</summary>
    public static void MapRateLimits(this IEndpointRouteBuilder routes) => routes.MapGet("/deployments/{deploymentId}/rate-limits", GetAsync);

    private static async Task<IResult> GetAsync(string deploymentId, DeploymentLimits limits, CancellationToken cancellationToken) =>
        Answers.Json(await limits.ReadAsync(deploymentId, cancellationToken), DeployerJson.Default.DeploymentRateLimits);
}
