using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Hosting.Draining;

namespace Peregrine.Hosting.Health;

public static class ProbeEndpoints
{
    /// <summary>
    /// <c>/livez</c> (the process answers), <c>/readyz</c> (all conditions hold, not draining; <c>?verbose</c> lists them) and
    /// <c>/isAlive</c>, without authentication and outside the request metrics.
    /// </summary>
    public static IEndpointRouteBuilder MapProbes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(string.Empty).AllowAnonymous().DisableHttpMetrics();
        group.MapMethods("/livez", ["GET", "HEAD"], Alive);
        group.MapMethods("/isAlive", ["GET", "HEAD"], Alive);
        group.MapMethods("/readyz", ["GET", "HEAD"], Ready);
        return routes;
    }

    private static IResult Alive() => TypedResults.Text("ok\n");

    private static IResult Ready(HttpRequest request, IEnumerable<IReadinessCondition> conditions, DrainState drain)
    {
        drain.NoteProbe();
        var states = conditions.Select(condition => (condition.Name, State: condition.Check())).ToList();
        var ready = states.TrueForAll(state => state.State.IsReady);
        var text = request.Query.ContainsKey("verbose") || !ready ? Describe(states, ready) : "ok\n";
        return TypedResults.Text(text, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static string Describe(IEnumerable<(string Name, Readiness State)> states, bool ready)
    {
        var text = new StringBuilder();
        foreach (var (name, state) in states)
            text.Append(state.IsReady ? "[+]" : "[-]").Append(name).Append(state.IsReady ? " ok" : "").Append(state.Reason is { } reason ? $" {reason}" : "").Append('\n');
        return text.Append(ready ? "ready\n" : "not ready\n").ToString();
    }
}
