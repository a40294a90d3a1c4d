using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Rate limits and quotas of a service on one API node: effective with the next request.</summary>
internal static class NodeLimitVerbs
{
    public static Command Create() =>
        ClientVerb.Group("limits", "Rate limits and quotas of a service on this node, effective with the next request.", ListVerb(), SetVerb(), RemoveVerb());

    private static Command ListVerb()
    {
        var service = NodeVerb.Service();
        var json = ClientVerb.Json();
        return NodeVerb.Create("list", "List the rules of a service, what is left to each caller, and how many calls each rule refused.", [service, json], async (node, parsed, cancellationToken) =>
        {
            var answer = await node.Access.GetLimitsAsync(parsed.GetRequiredValue(service), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(answer);
            else Output.Table(["RULE", "ALLOWS", "PER", "ENDPOINT", "KEY", "LEFT", "REFUSED"], Rules(answer).Select(Row));
        });
    }

    private static Command SetVerb()
    {
        var service = NodeVerb.Service();
        var id = RateRuleOptions.Rule();
        var options = new RateRuleOptions();
        return NodeVerb.Create("set", "Add a rule, or replace the one of that name.", [service, id, .. options.All], async (node, parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(id);
            var rule = options.Read(parsed, name);
            await ChangeAsync(node, parsed.GetRequiredValue(service), rules => [.. rules.Where(other => NodeVerb.Text(other, "id") != name), rule], cancellationToken);
            Output.Line($"Rule {name} of {parsed.GetRequiredValue(service)} holds from the next request on.");
        });
    }

    private static Command RemoveVerb()
    {
        var service = NodeVerb.Service();
        var id = RateRuleOptions.Rule();
        return NodeVerb.Create("remove", "Take a rule away.", [service, id], async (node, parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(id);
            await ChangeAsync(node, parsed.GetRequiredValue(service), rules =>
            {
                var left = rules.Where(rule => NodeVerb.Text(rule, "id") != name).ToList();
                return left.Count < rules.Count ? left : throw new UsageException($"{parsed.GetRequiredValue(service)} has no rule '{name}'.");
            }, cancellationToken);
            Output.Line($"Rule {name} of {parsed.GetRequiredValue(service)} is gone.");
        });
    }

    private static async Task ChangeAsync(
        ApiNodeAdminClient node, string service, Func<IReadOnlyList<JsonObject>, IReadOnlyList<JsonObject>> change, CancellationToken cancellationToken)
    {
        var rules = Rules(await node.Access.GetLimitsAsync(service, cancellationToken)).Select(Settings).ToList();
        await node.Access.SetLimitsAsync(service, change(rules), cancellationToken);
    }

    private static IEnumerable<JsonObject> Rules(JsonNode answer) => (answer["rules"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>A rule as told, without what it has counted.</summary>
    private static JsonObject Settings(JsonObject rule) =>
        new(rule.Where(member => member.Value is not null && member.Key is not ("refused" or "callers")).Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value!.DeepClone())));

    private static string[] Row(JsonObject rule)
    {
        var time = rule["period"] is { } period ? $"a {period}" : $"{rule["windowSeconds"]} s";
        var left = (rule["callers"] as JsonArray ?? []).Select(caller => $"{caller!["key"]?.ToString() ?? "all"} {caller["remaining"]}");
        return [$"{rule["id"]}", $"{rule["limit"]} {rule["unit"]} in {time}", $"{rule["per"]}", $"{rule["endpoint"]}", $"{rule["key"]}", string.Join(", ", left), $"{rule["refused"]}"];
    }
}
