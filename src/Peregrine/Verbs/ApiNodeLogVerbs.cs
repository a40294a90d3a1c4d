using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>The query log of a node from afar.</summary>
internal static class ApiNodeLogVerbs
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Create() => ClientVerb.Group("logs", "Look at the query log of the node.", TailVerb());

    private static Command TailVerb()
    {
        var service = ClientVerb.Option("--service", "Only lines of this service.", "SERVICE");
        var endpoint = ClientVerb.Option("--endpoint", "Only lines of this endpoint.", "ENDPOINT");
        var lines = new Option<int>("--lines") { Description = "How many of the last lines: 1 to 10000.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var follow = new Option<bool>("--follow") { Description = "Go on with new lines until stopped." };
        var json = new Option<bool>("--json") { Description = "Print each line as the JSON that it is." };
        return ApiNodeAdminVerbs.Verb("tail", "Print the last queries and their answers.", [service, endpoint, lines, follow, json], async (node, parsed, cancellationToken) =>
        {
            var wanted = parsed.GetValue(lines);
            if (wanted is < 1 or > 10_000) throw new UsageException($"--lines {wanted} is out of range; give 1 to 10000.");
            var answer = await node.TailLogsAsync(parsed.GetValue(service), parsed.GetValue(endpoint), wanted, null, cancellationToken);
            Print(answer, parsed.GetValue(json));
            while (parsed.GetValue(follow))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (cancellationToken.IsCancellationRequested) return;
                answer = await node.TailLogsAsync(parsed.GetValue(service), parsed.GetValue(endpoint), 10_000, Cursor(answer), cancellationToken);
                Print(answer, parsed.GetValue(json));
            }
        });
    }

    private static string Cursor(JsonNode answer) => (string?)answer["cursor"] ?? throw new ClientException("The node's answer lacks 'cursor'.");

    private static void Print(JsonNode answer, bool json)
    {
        foreach (var line in answer["lines"] as JsonArray ?? [])
            Output.Line(json ? line!.ToJsonString(Output.OneLine) : Describe(line!));
    }

    private static string Describe(JsonNode line) => string.Join(
        "  ", Text(line, "timestamp"), $"{Text(line, "service")}/{Text(line, "endpoint")}", Text(line, "generation"), $"{line["timing"]?["total"]} ms",
        (line["features"] ?? line["data"])?.ToJsonString(Output.OneLine) ?? "", "->", line["result"]?.ToJsonString(Output.OneLine) ?? "");

    private static string Text(JsonNode line, string member) => ApiNodeAdminVerbs.Text(line, member);
}
