using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Draining;

namespace Peregrine.Hosting.Health;

public static class ProbeEndpoints
{
    /// <summary>
    /// <c>/livez</c> (the process answers), <c>/readyz</c> (all conditions hold, not draining; <c>?verbose</c> lists them with their parts,
    /// <c>?exclude=</c> leaves one out) and <c>/isAlive</c> (as livez, unless the operator's file says no), without authentication and outside the request metrics.
    /// </summary>
    public static IEndpointRouteBuilder MapProbes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(string.Empty).AllowAnonymous().DisableHttpMetrics();
        group.MapMethods("/livez", ["GET", "HEAD"], Alive);
        group.MapMethods("/isAlive", ["GET", "HEAD"], WantedAlive);
        group.MapMethods("/readyz", ["GET", "HEAD"], Ready);
        return routes;
    }

    private static IResult Alive() => TypedResults.Text("ok\n");

    private static IResult WantedAlive(IOptions<NodeOptions> options) => options.Value.NotAliveFile is { } file && File.Exists(file)
        ? TypedResults.Text($"not alive: {Path.GetFileName(file)} is there\n", statusCode: StatusCodes.Status503ServiceUnavailable)
        : Alive();

    private static IResult Ready(HttpRequest request, IEnumerable<IReadinessCondition> conditions, DrainState drain)
    {
        drain.NoteProbe();
        var excluded = request.Query["exclude"];
        var verbose = request.Query.ContainsKey("verbose");
        var states = conditions.Where(condition => !excluded.Contains(condition.Name))
            .Select(condition => (condition.Name, State: condition.Check(), Details: verbose ? condition.Details() : [])).ToList();
        var ready = states.TrueForAll(state => state.State.IsReady);
        var text = verbose || !ready ? Describe(states, ready) : "ok\n";
        return TypedResults.Text(text, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static string Describe(IEnumerable<(string Name, Readiness State, IEnumerable<string> Details)> states, bool ready)
    {
        var text = new StringBuilder();
        foreach (var (name, state, details) in states)
        {
            text.Append(state.IsReady ? "[+]" : "[-]").Append(name).Append(state.IsReady ? " ok" : "").Append(state.Reason is { } reason ? $" {reason}" : "").Append('\n');
            foreach (var detail in details) text.Append("    ").Append(detail).Append('\n');
        }

        return text.Append(ready ? "ready\n" : "not ready\n").ToString();
    }
}
