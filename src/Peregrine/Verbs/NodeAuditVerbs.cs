using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>The audit log of one API node.</summary>
internal static class NodeAuditVerbs
{
    private const int MostLines = 10_000;

    public static Command Create() => ClientVerb.Group("audit", "What was done by admin keys, and who was refused.", TailVerb());

    private static Command TailVerb()
    {
        var lines = new Option<int>("--lines", "-n") { Description = $"How many: 1 to {MostLines}.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var json = ClientVerb.Json();
        return ApiNodeAdminVerbs.Verb("tail", "Print the newest lines of the audit log.", [lines, json], async (node, parsed, cancellationToken) =>
        {
            var count = parsed.GetValue(lines) is >= 1 and <= MostLines and var number ? number : throw new UsageException($"--lines {parsed.GetValue(lines)} is out of range; give 1 to {MostLines}.");
            var events = await node.Access.AuditAsync(count, cancellationToken);
            if (parsed.GetValue(json)) Output.Json(events);
            else Output.Table(["TIME", "KIND", "WHO", "ROLE", "WHAT", "ON", "FROM", "STATUS", "REASON"], events.Select(Row));
        });
    }

    private static string[] Row(JsonNode? line) =>
    [
        $"{line!["time"]}", $"{line["kind"]}", $"{line["who"]}", $"{line["role"]}", $"{line["what"]}",
        line["on"] is JsonObject on ? string.Join(' ', on.Select(value => $"{value.Key}={value.Value}")) : "", $"{line["from"]}", $"{line["status"]}", $"{line["reason"]}",
    ];
}
