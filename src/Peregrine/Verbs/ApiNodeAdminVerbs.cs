using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>An API node without a Deployer: what it serves, and which generation.</summary>
internal static class ApiNodeAdminVerbs
{
    public static Command Create() => ClientVerb.Group(
        "admin", "Look after a running API node directly.",
        [
            ListVerb(), GenerationsVerb(), NodeImportVerb.Create(), NodeShadowsVerb.Create(), SwitchVerb(),
            EnabledVerb("enable", "Let a service answer again.", enabled: true), EnabledVerb("disable", "Let a service refuse every request.", enabled: false),
            NodeServiceKeyVerbs.Create(), NodeLimitVerbs.Create(), NodeDriftVerb.Create(), NodeKeyVerbs.Create(), NodeAuditVerbs.Create(), ApiNodeLogVerbs.Create(), ApiNodeMetricsVerb.Create(),
            .. NodeSwitchVerbs.Create(),
        ]);

    private static Command ListVerb()
    {
        var json = ClientVerb.Json();
        return NodeVerb.Create("list", "List the services of the node.", [json], async (node, parsed, cancellationToken) =>
        {
            var services = await node.ListServicesAsync(cancellationToken);
            if (parsed.GetValue(json)) Output.Json(services);
            else Output.Table(["SERVICE", "ENABLED", "MAPPING"], services.Select(service => new[] { NodeVerb.Text(service, "serviceId"), NodeVerb.Text(service, "enabled"), NodeVerb.Mapping(service?["mapping"]) }));
        });
    }

    private static Command GenerationsVerb()
    {
        var service = NodeVerb.Service();
        var json = ClientVerb.Json();
        return NodeVerb.Create("generations", "List the generations of a service.", [service, json], async (node, parsed, cancellationToken) =>
        {
            var generations = await node.ListGenerationsAsync(parsed.GetRequiredValue(service), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(generations);
            else Output.Table(["GENERATION", "STATE", "MOUNTED", "SHARE"], generations.Select(one => new[] { NodeVerb.Text(one, "generation"), NodeVerb.Text(one, "state"), NodeVerb.Text(one, "mounted"), NodeVerb.Text(one, "mappedProba") }));
        });
    }

    private static Command SwitchVerb()
    {
        var service = NodeVerb.Service();
        var generation = ClientVerb.Argument("GENERATION", "Generation that is to answer.");
        return NodeVerb.Create("switch", "Let one generation answer all requests.", [service, generation], async (node, parsed, cancellationToken) =>
        {
            await node.SwitchToAsync(parsed.GetRequiredValue(service), parsed.GetRequiredValue(generation), cancellationToken);
            Output.Line($"{parsed.GetRequiredValue(service)} answers with {parsed.GetRequiredValue(generation)}.");
        });
    }

    private static Command EnabledVerb(string name, string description, bool enabled)
    {
        var service = NodeVerb.Service();
        return NodeVerb.Create(name, description, [service], async (node, parsed, cancellationToken) =>
        {
            await node.SetEnabledAsync(parsed.GetRequiredValue(service), enabled, cancellationToken);
            Output.Line($"{parsed.GetRequiredValue(service)} is {name}d.");
        });
    }

    internal static Command Verb(string name, string description, IEnumerable<Symbol> symbols, Func<ApiNodeAdminClient, ParseResult, CancellationToken, Task> run) =>
        NodeVerb.Create(name, description, symbols, run);

    internal static string Text(JsonNode? node, string member) => NodeVerb.Text(node, member);
}
