using System.CommandLine;
using System.Text.Json.Nodes;
using Peregrine.Client;
using Peregrine.Commands;

namespace Peregrine.Verbs;

/// <summary>A verb that works against one API node's admin API.</summary>
internal static class NodeVerb
{
    /// <param name="symbols">Arguments in order, and options.</param>
    public static Command Create(string name, string description, IEnumerable<Symbol> symbols, Func<ApiNodeAdminClient, ParseResult, CancellationToken, Task> run)
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

    public static Argument<string> Service() => ClientVerb.Argument("SERVICE", "Id of the service.");

    public static string Text(JsonNode? node, string member) => node?[member]?.ToString() ?? "";

    /// <summary>Generations with their shares, such as <c>v1 0.9, v2 0.1, shadow v3</c>.</summary>
    public static string Mapping(JsonNode? mapping)
    {
        var entries = (mapping?["entries"] as JsonArray ?? []).Select(entry => $"{Text(entry, "generation")} {Text(entry, "proba")}");
        var shadows = (mapping?["shadows"] as JsonArray ?? []).Select(shadow => $"shadow {Text(shadow, "generation")}");
        return string.Join(", ", entries.Concat(shadows));
    }
}
