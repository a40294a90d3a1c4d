using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Peregrine.Designing.ApiServices;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.Instance;
using Peregrine.Designing.Lab;
using Peregrine.Designing.Projects;
using Peregrine.Designing.SavedModels;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Futures;

namespace Peregrine.Designing;

public static class DesigningEndpoints
{
    private static readonly string[] Bases = ["/dip/publicapi", "/public/api"];

    /// <summary>Maps the Design node's REST calls under both bases; all of them want an API key.</summary>
    public static IEndpointRouteBuilder MapDesigning(this IEndpointRouteBuilder app)
    {
        foreach (var path in Bases)
        {
            var routes = app.MapGroup(path).RequireApiKey();
            routes.MapInstance();
            routes.MapProjects();
            routes.MapDatasets();
            routes.MapLab();
            routes.MapSavedModels();
            routes.MapApiServices();
        }

        app.MapFutures(futures => futures.RequireApiKey());
        return app;
    }
}
