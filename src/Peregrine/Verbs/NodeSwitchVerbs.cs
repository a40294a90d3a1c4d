using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Which generations of a service answer on an API node: at once, or in two steps for several nodes together.</summary>
internal static class NodeSwitchVerbs
{
    public static IEnumerable<Command> Create() =>
    [
        MapVerb(), PrepareVerb(), StepVerb("commit", "Put the mapping of a prepared switch in force."), StepVerb("abort", "Give a prepared switch up."), SwitchesVerb(),
    ];

    private static Command MapVerb()
    {
        var service = NodeVerb.Service();
        var wanted = new MappingOptions();
        return NodeVerb.Create("map", "Let several generations answer, each with its share.", [service, .. wanted.All], async (node, parsed, cancellationToken) =>
        {
            var mapping = wanted.Read(parsed);
            await node.SetMappingAsync(parsed.GetRequiredValue(service), mapping, cancellationToken);
            Output.Line($"{parsed.GetRequiredValue(service)} answers with {NodeVerb.Mapping(mapping)}.");
        });
    }

    private static Command PrepareVerb()
    {
        var service = NodeVerb.Service();
        var id = Id();
        var wanted = new MappingOptions();
        var expiry = new Option<double?>("--expires-in") { Description = "Seconds until the node gives the switch up when nobody decides. Default: what the node is set to.", HelpName = "SECONDS" };
        var json = ClientVerb.Json();
        return NodeVerb.Create("prepare", "Load and check all that a mapping needs, and wait for commit or abort.", [service, id, .. wanted.All, expiry, json],
            async (node, parsed, cancellationToken) =>
            {
                var body = new JsonObject { ["mapping"] = wanted.Read(parsed) };
                if (parsed.GetValue(expiry) is { } seconds) body["expiresInSeconds"] = seconds;
                Tell(await node.PrepareSwitchAsync(parsed.GetRequiredValue(service), parsed.GetRequiredValue(id), body, cancellationToken), parsed.GetValue(json));
            });
    }

    private static Command StepVerb(string step, string description)
    {
        var service = NodeVerb.Service();
        var id = Id();
        var json = ClientVerb.Json();
        return NodeVerb.Create(step, description, [service, id, json], async (node, parsed, cancellationToken) =>
            Tell(await node.DecideSwitchAsync(parsed.GetRequiredValue(service), parsed.GetRequiredValue(id), step, cancellationToken), parsed.GetValue(json)));
    }

    private static Command SwitchesVerb()
    {
        var service = NodeVerb.Service();
        var json = ClientVerb.Json();
        return NodeVerb.Create("switches", "List the switches of a service, prepared and lately ended.", [service, json], async (node, parsed, cancellationToken) =>
        {
            var switches = await node.ListSwitchesAsync(parsed.GetRequiredValue(service), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(switches);
            else
                Output.Table(["SWITCH", "STATE", "READY", "MAPPING", "EXPIRES"], switches.Select(one => new[]
                {
                    NodeVerb.Text(one, "id"), NodeVerb.Text(one, "state"), NodeVerb.Text(one, "ready"), NodeVerb.Mapping(one?["mapping"]), Moment(one),
                }));
        });
    }

    private static void Tell(JsonNode told, bool json)
    {
        if (json) Output.Json(told);
        else Output.Line($"Switch {NodeVerb.Text(told, "id")} of {NodeVerb.Text(told, "serviceId")} is {NodeVerb.Text(told, "state")}.");
    }

    private static string Moment(JsonNode? one) => one?["expiresOn"] is JsonValue value && value.TryGetValue<long>(out var milliseconds) ? PackageVerbs.Moment(milliseconds) : "";

    private static Argument<string> Id() => ClientVerb.Argument("SWITCH", "Id of the switch; the same on every node that takes part.");
}
