using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Http;
using Peregrine.Serving.Access.Admin;

namespace Peregrine.Serving.Access.Audit;

/// <summary>The end of the audit log.</summary>
internal static class AuditEndpoints
{
    private const int MostLines = 10_000;

    public static void Map(IEndpointRouteBuilder admin) => admin.MapGet("/audit", Tail).ForRole(AdminRole.Operator);

    private static ContentHttpResult Tail(HttpRequest request, AuditFiles files)
    {
        var lines = files.Tail(QueryValues.Integer(request, "lines", fallback: 100, minimum: 1, maximum: MostLines));
        // Lines are JSON already; one that a crash cut is left out.
        return TypedResults.Text($"[{string.Join(',', lines.Where(line => line.StartsWith('{') && line.EndsWith('}')))}]", "application/json");
    }
}
