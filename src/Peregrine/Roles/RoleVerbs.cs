using System.CommandLine;
using Peregrine.Commands;
using Peregrine.DataDirectories;
using Peregrine.Serving.Transport;
using Peregrine.Terminal;
using Peregrine.Verbs;

namespace Peregrine.Roles;

/// <summary>The verbs that start servers and run until they are told to stop.</summary>
internal static class RoleVerbs
{
    public static Command Start() => Verb("start", "Run every role in one process: pages and public API on one port, an API node on another.", Role.All);

    public static Command Design() => Verb("design", "Run a Design node alone: projects, training, API Designer.", Role.Design);

    public static Command Deployer() => Verb("deployer", "Run an API Deployer alone: published services, infrastructures, deployments.", Role.Deployer);

    public static Command ApiNode()
    {
        var verb = Verb("apinode", "Run an API node alone: it answers requests. Also: look after one (admin).", Role.ApiNode);
        verb.Subcommands.Add(ApiNodeAdminVerbs.Create());
        return verb;
    }

    private static Command Verb(string name, string description, Role roles)
    {
        var directory = roles == Role.All ? DefaultDirectories.Start : $"{DefaultDirectories.Start}-{name}";
        var options = new RoleOptions(roles, directory);
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(options.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(RoleSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Roles == Role.ApiNode) InlineSockets.Prepare();
        await using (var instance = await Instance.StartAsync(settings, cancellationToken))
        {
            Announce(instance);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Output.Note("Stopping: running requests may end ...");
        }

        return ExitCodes.Ok;
    }

    private static void Announce(Instance instance)
    {
        var settings = instance.Settings;
        if (settings.HasControlPlane) Output.Line($"{(settings.Has(Role.Web) ? "Page and API " : "API          ")} {Instance.Origin(settings.Url)}");
        if (settings.Has(Role.ApiNode)) Output.Line($"API node      {Instance.Origin(settings.NodeUrl)}");
        if (settings.AdminPort is { } admin) Output.Line($"Admin API     port {admin} of {settings.AdminBind}");
        if (settings.GrpcUrl is { } grpc) Output.Line($"gRPC          {Instance.Origin(grpc)}");
        Output.Line($"Data          {instance.Directory.Path}");
        Output.Line($"Admin key     {instance.AdminKey.File ?? $"as preset by {FirstAdminKey.Variable}"}");
        Output.Line("Ready. Stop with Ctrl-C.");
    }
}
