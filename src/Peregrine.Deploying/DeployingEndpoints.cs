using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Deploying.Board;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Drift;
using Peregrine.Deploying.Infrastructures;
using Peregrine.Deploying.Keys;
using Peregrine.Deploying.RateLimits;
using Peregrine.Deploying.Services;
using Peregrine.Deploying.Shadows;
using Peregrine.Deploying.Stages;
using Peregrine.Deploying.Testing;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Futures;

namespace Peregrine.Deploying;

public static class DeployingEndpoints
{
    private static readonly string[] Bases = ["/dip/publicapi", "/public/api"];

    /// <summary>Maps the API Deployer's REST calls under both bases; all of them want an API key.</summary>
    public static IEndpointRouteBuilder MapDeploying(this IEndpointRouteBuilder app)
    {
        foreach (var path in Bases)
        {
            var routes = app.MapGroup($"{path}/api-deployer").WithTags("API Deployer").RequireApiKey();
            routes.MapStages();
            routes.MapInfras();
            routes.MapServices();
            routes.MapDeployments();
            routes.MapTesting();
            routes.MapDrift();
            routes.MapRateLimits();
            routes.MapShadows();
            routes.MapKeys();
            routes.MapBoard();
        }

        app.MapFutures(futures => futures.RequireApiKey());
        return app;
    }
}
