using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary><c>service set-explanations</c>: what an endpoint explains unasked.</summary>
internal static class ServiceExplanationsVerb
{
    public static Command Create()
    {
        var project = ClientVerb.Argument("PROJECT", "Key of the project.");
        var service = ClientVerb.Argument("SERVICE", "Id of the service.");
        var endpoint = ClientVerb.Argument("ENDPOINT", "Id of the endpoint.");
        var enabled = new Option<bool?>("--enabled") { Description = "Whether results carry explanations unasked: true or false. A request may ask either way." };
        var method = ClientVerb.Option("--method", "shapley or ice.", "METHOD");
        method.AcceptOnlyFromAmong("shapley", "ice");
        var top = new Option<int?>("--top") { Description = "Features that a result names, those of the largest influence.", HelpName = "N" };
        var steps = new Option<int?>("--monte-carlo-steps") { Description = "Kept for tools that set it, 25 to 1000: influences are exact, nothing is sampled.", HelpName = "N" };
        var json = ClientVerb.Json();
        return ClientVerb.Create(
            "set-explanations", "Say what an endpoint explains unasked, or list it. It holds from the next package on.", [project, service, endpoint, enabled, method, top, steps, json],
            async (client, parsed, cancellationToken) =>
            {
                var changes = new JsonObject();
                if (parsed.GetValue(enabled) is { } flag) changes["enabled"] = flag;
                if (parsed.GetValue(method) is { } name) changes["method"] = name.ToUpperInvariant();
                if (parsed.GetValue(top) is { } count) changes["nExplanations"] = count;
                if (parsed.GetValue(steps) is { } number) changes["nMonteCarloSteps"] = number;
                var settings = await client.ApiServices.ExplanationsAsync(
                    parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), parsed.GetRequiredValue(endpoint), changes, cancellationToken);
                if (parsed.GetValue(json)) Output.Json(settings);
                else Output.Table(["SETTING", "VALUE"], settings.Select(member => new[] { member.Key, member.Value?.ToString().ToLowerInvariant() ?? "" }));
            });
    }
}
