using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using Peregrine.Client;
using Peregrine.Demo;
using Peregrine.Hosting.Tls;
using Peregrine.Roles;
using Peregrine.Terminal;
using Peregrine.Verbs;

namespace Peregrine.Commands;

/// <summary>The root of the command line: what <c>peregrine</c> can be asked, and how its outcomes become exit codes.</summary>
public static class PeregrineCommand
{
    public static RootCommand Create() =>
        new("Peregrine takes a model from a table of data to a real-time API, and keeps it healthy there.")
        {
            DemoVerb.Create(),
            RoleVerbs.Start(),
            RoleVerbs.Design(),
            RoleVerbs.Deployer(),
            RoleVerbs.ApiNode(),
            ProjectVerbs.Create(),
            DatasetVerbs.Create(),
            TrainVerb.Create(),
            ModelVerbs.Create(),
            ServiceVerbs.Create(),
            PackageVerbs.Create(),
            PackageVerbs.CreatePublish(),
            InfraVerbs.Create(),
            DeployVerb.Create(),
            DeploymentVerbs.Create(),
            QueryVerb.Create(),
            SampleVerbs.Create(),
        };

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count > 0) return await TellErrorsAsync(parsed);

        // Roles end on their own signals; a verb that is stopped gets its token cancelled and may clean up.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(60) };
        return await GuardAsync(() => parsed.InvokeAsync(configuration));
    }

    /// <summary>What is wrong, and where to read on: a page of help behind it would push it off the screen. Who names no verb of a group sees which there are.</summary>
    private static async Task<int> TellErrorsAsync(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var lacksVerb = command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0;
        if (parsed.Action is ParseErrorAction telling) telling.ShowHelp = lacksVerb;
        await parsed.InvokeAsync(new InvocationConfiguration { Output = Console.Error });
        if (!lacksVerb) await Console.Error.WriteLineAsync($"See: {PathOf(parsed.CommandResult)} --help");
        return ExitCodes.BadInput;
    }

    /// <summary>The words that lead to a command.</summary>
    private static string PathOf(CommandResult command) => command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : command.Command.Name;

    /// <summary>Every expected failure in one line on standard error, and the right exit code.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The outermost boundary: says what failed and sets the exit code.")]
    private static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (UsageException wrong)
        {
            return Output.Fail(wrong.Message, ExitCodes.BadInput);
        }
        catch (ClientException refused)
        {
            return Output.Fail(refused.Message, refused.IsBadInput ? ExitCodes.BadInput : ExitCodes.Failure);
        }
        catch (TlsFileException wrong)
        {
            return Output.Fail(wrong.Message, ExitCodes.BadInput);
        }
        catch (OperationCanceledException)
        {
            return Output.Fail("Stopped.", ExitCodes.Interrupted);
        }
        catch (Exception unexpected)
        {
            Output.Fail($"Unexpected: {unexpected.Message}", ExitCodes.Failure);
            await Console.Error.WriteLineAsync(unexpected.ToString());
            return ExitCodes.Failure;
        }
    }
}
