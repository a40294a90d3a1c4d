using System.CommandLine;
using Peregrine.Client;
using Peregrine.Commands;

namespace Peregrine.Verbs;

/// <summary>A verb that works against a running instance.</summary>
internal static class ClientVerb
{
    /// <param name="symbols">Arguments in order, and options.</param>
    public static Command Create(
        string name, string description, IEnumerable<Symbol> symbols, Func<PeregrineClient, ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        var connection = new ConnectionOptions();
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = await connection.ConnectAsync(parsed, cancellationToken);
            return await run(client, parsed, cancellationToken);
        });
        return command;
    }

    /// <summary>The same for verbs that can only succeed or throw.</summary>
    public static Command Create(
        string name, string description, IEnumerable<Symbol> symbols, Func<PeregrineClient, ParseResult, CancellationToken, Task> run) =>
        Create(name, description, symbols, async (client, parsed, cancellationToken) =>
        {
            await run(client, parsed, cancellationToken);
            return ExitCodes.Ok;
        });

    public static Command Group(string name, string description, params ReadOnlySpan<Command> verbs)
    {
        var group = new Command(name, description);
        foreach (var verb in verbs) group.Subcommands.Add(verb);
        return group;
    }

    public static Argument<string> Argument(string name, string description) => new(name) { Description = description };

    public static Option<string?> Option(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of a table." };
}
