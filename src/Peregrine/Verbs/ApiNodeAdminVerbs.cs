using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.DataDirectories;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>An API node without a Deployer: what it serves, and which generation.</summary>
internal static class ApiNodeAdminVerbs
{
    public static Command Create() => ClientVerb.Group(
        "admin", "Look after a running API node directly.", ListVerb(), GenerationsVerb(), SwitchVerb(),
        EnabledVerb("enable", "Let a service answer again.", enabled: true), EnabledVerb("disable", "Let a service refuse every request.", enabled: false),
        NodeServiceKeyVerbs.Create(),
        NodeDriftVerb.Create(),

        NodeKeyVerbs.Create(),
        NodeAuditVerbs.Create(),
        ApiNodeLogVerbs.Create(),
        ApiNodeMetricsVerb.Create());

    private static Command ListVerb()
    {
        var json = ClientVerb.Json();
        return Verb("list", "List the services of the node.", [json], async (node, parsed, cancellationToken) =>
        {
            var services = await node.ListServicesAsync(cancellationToken);
            if (parsed.GetValue(json)) Output.Json(services);
            else Output.Table(["SERVICE", "ENABLED", "MAPPING"], services.Select(service => new[] { Text(service, "serviceId"), Text(service, "enabled"), Mapping(service) }));
        });
    }

    private static Command GenerationsVerb()
    {
        var service = ClientVerb.Argument("SERVICE", "Id of the service.");
        var json = ClientVerb.Json();
        return Verb("generations", "List the generations of a service.", [service, json], async (node, parsed, cancellationToken) =>
        {
            var generations = await node.ListGenerationsAsync(parsed.GetRequiredValue(service), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(generations);
            else Output.Table(["GENERATION", "MOUNTED", "SHARE"], generations.Select(one => new[] { Text(one, "generation"), Text(one, "mounted"), Text(one, "mappedProba") }));
        });
    }

    private static Command SwitchVerb()
    {
        var service = ClientVerb.Argument("SERVICE", "Id of the service.");
        var generation = ClientVerb.Argument("GENERATION", "Generation that is to answer.");
        return Verb("switch", "Let one generation answer all requests.", [service, generation], async (node, parsed, cancellationToken) =>
        {
            await node.SwitchToAsync(parsed.GetRequiredValue(service), parsed.GetRequiredValue(generation), cancellationToken);
            Output.Line($"{parsed.GetRequiredValue(service)} answers with {parsed.GetRequiredValue(generation)}.");
        });
    }

    private static Command EnabledVerb(string name, string description, bool enabled)
    {
        var service = ClientVerb.Argument("SERVICE", "Id of the service.");
        return Verb(name, description, [service], async (node, parsed, cancellationToken) =>
        {
            await node.SetEnabledAsync(parsed.GetRequiredValue(service), enabled, cancellationToken);
            Output.Line($"{parsed.GetRequiredValue(service)} is {name}d.");
        });
    }

    internal static Command Verb(string name, string description, IEnumerable<Symbol> symbols, Func<ApiNodeAdminClient, ParseResult, CancellationToken, Task> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        var connection = new NodeConnectionOptions();
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = await connection.ConnectAsync(parsed, cancellationToken);
            await run(node, parsed, cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Mapping(JsonNode? service) => service?["mapping"]?["entries"] is JsonArray entries
        ? string.Join(", ", entries.Select(entry => $"{Text(entry, "generation")} {Text(entry, "proba")}"))
        : "";

    internal static string Text(JsonNode? node, string member) => node?[member]?.ToString() ?? "";
}
