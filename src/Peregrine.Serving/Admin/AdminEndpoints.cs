using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Hosting.Authentication;
using Peregrine.Serving.Access.Admin;
using Peregrine.Serving.Access.Audit;
using Peregrine.Serving.Access.Keys;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Importing;
using Peregrine.Serving.RateLimits;
using Peregrine.Serving.Shadows;
using Peregrine.Serving.Switching;
using Peregrine.Serving.QueryLog.Tail;

namespace Peregrine.Serving.Admin;

/// <summary>The admin API of a node. Every call needs an admin key; there is no open mode.</summary>
public static class AdminEndpoints
{
    internal const string Base = "/admin/api";

    public static IEndpointRouteBuilder MapServingAdmin(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Base).RequireApiKey().AddEndpointFilter(DiskFull.Answer);
        group.AddEndpointFilter((context, next) =>
        {
            NeededRole.Check(context.HttpContext);
            return next(context);
        });
        ServiceEndpoints.Map(group);
        GenerationEndpoints.Map(group);
        PackageEndpoints.Map(group);
        SwitchEndpoints.Map(group);
        ShadowEndpoints.Map(group);
        KeyEndpoints.Map(group);
        ServiceKeyEndpoints.Map(group);
        RateLimitEndpoints.Map(group);
        AuditEndpoints.Map(group);
        NodeEndpoints.Map(group);
        DriftEndpoints.Map(group);
        LogEndpoints.Map(group);
        return routes;
    }
}
