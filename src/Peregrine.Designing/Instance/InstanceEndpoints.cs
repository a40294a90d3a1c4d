using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Designing.Rest;

namespace Peregrine.Designing.Instance;

/// <summary>Who is asking, and which node answers.</summary>
internal static class InstanceEndpoints
{
    public static void MapInstance(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/auth/info", AuthInfo).WithTags("Instance");
        routes.MapGet("/instance-info", InstanceInfo).WithTags("Instance");
    }

    private static IResult AuthInfo(HttpContext context) => Answers.Json(new JsonObject
    {
        ["authIdentifier"] = Answers.Actor(context),
        ["groups"] = new JsonArray("administrators"),
        ["associatedDSSUser"] = Answers.Actor(context),
        ["userForImpersonation"] = Answers.Actor(context),
    });

    private static IResult InstanceInfo(IOptions<DesigningOptions> options) => Answers.Json(new JsonObject
    {
        ["nodeId"] = options.Value.NodeId,
        ["nodeName"] = "Design",
        ["nodeType"] = "DESIGN",
    });
}
