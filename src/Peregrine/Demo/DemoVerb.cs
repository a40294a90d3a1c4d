using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.DataDirectories;
using Peregrine.Roles;
using Peregrine.Terminal;
using Peregrine.Web.SignIn;

namespace Peregrine.Demo;

/// <summary><c>peregrine demo</c>: starts every role and does the main job over their public APIs, telling what it does.</summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        var options = new RoleOptions(Role.All, DefaultDirectories.Demo);
        var once = new Option<bool>("--once") { Description = "End after the test queries instead of serving until Ctrl-C." };
        var command = new Command("demo", "From simulated card payments to a live fraud API: starts every role and does the whole job, telling what it does.") { once };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(options.Read(parsed) with { Quiet = true }, parsed.GetValue(once), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(RoleSettings settings, bool once, CancellationToken cancellationToken)
    {
        var narrator = new Narrator();
        narrator.Title("Peregrine demo", "from a table of card payments to a live fraud API");
        await using var instance = await Instance.StartAsync(settings, cancellationToken);
        narrator.Step("Starting every role in this process");
        narrator.Done($"control plane at {Instance.Origin(instance.Settings.Url)}, API node at {Instance.Origin(instance.Settings.NodeUrl)}");
        narrator.Done($"all state in {instance.Directory.Path}");

        using var client = new PeregrineClient(instance.Settings.Url, instance.AdminKey.Secret);
        var story = new DemoStory(client, instance, narrator);
        await story.RunAsync(cancellationToken);
        if (once) return ExitCodes.Ok;

        narrator.Fact("Sign in", SignInLink(instance));
        narrator.Note("The sign-in link works once, within ten minutes; later take the admin key. Serving until Ctrl-C ...");
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Output.Note("Stopping: running requests may end ...");
        return ExitCodes.Ok;
    }

    private static string SignInLink(Instance instance) =>
        $"{Instance.Origin(instance.Settings.Url)}/signin?ticket={instance.ControlPlaneServices!.GetRequiredService<SignInTickets>().Issue()}";
}
