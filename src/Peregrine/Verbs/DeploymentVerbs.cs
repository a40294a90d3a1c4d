using System.CommandLine;
using System.Text.Json;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Contracts.Deployer;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class DeploymentVerbs
{
    public static Command Create() => ClientVerb.Group(
        "deployment", "Deployments: services on infrastructures.", ListVerb(), StatusVerb(), RollbackVerb(),
        DeploymentLimitVerbs.Create(), DeploymentShadowVerbs.Create(), DeploymentKeyVerbs.Create());

    private static Command ListVerb()
    {
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the deployments.", [json], async (client, parsed, cancellationToken) =>
        {
            var deployments = await client.Deployer.ListDeploymentsAsync(cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(deployments, DeployerJson.Default.IReadOnlyListDeploymentLightStatus));
            else
                Output.Table(
                    ["DEPLOYMENT", "SERVICE", "INFRASTRUCTURE", "STAGE", "VERSION", "ENABLED"],
                    deployments.Select(one => new[]
                    {
                        one.DeploymentBasicInfo.Id, one.DeploymentBasicInfo.PublishedServiceId, one.DeploymentBasicInfo.InfraId, one.InfraBasicInfo.Stage,
                        string.Join(", ", one.DeploymentBasicInfo.Generations), one.DeploymentBasicInfo.Enabled ? "yes" : "no",
                    }));
        });
    }

    private static Command StatusVerb()
    {
        var deployment = ClientVerb.Argument("DEPLOYMENT", "Id of the deployment.");
        var json = ClientVerb.Json();
        return ClientVerb.Create("status", "Ask the nodes of a deployment. Ends with 1 unless it is healthy.", [deployment, json], async (client, parsed, cancellationToken) =>
        {
            var status = await client.Deployer.StatusAsync(parsed.GetRequiredValue(deployment), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(status, DeployerJson.Default.DeploymentHeavyStatus));
            else Print(status);
            return status.Health == DeploymentHealth.Healthy ? ExitCodes.Ok : ExitCodes.Failure;
        });
    }

    private static void Print(DeploymentHeavyStatus status)
    {
        Output.Line(Health(status.Health));
        foreach (var message in status.HealthMessages.Messages) Output.Line($"{message.Severity.ToString().ToUpperInvariant()} {message.Code}: {message.Message}");
        Output.Table(
            ["NODE", "HEALTH", "GENERATIONS"],
            status.Nodes.Select(node => new[]
            {
                node.Url, Health(node.Health), string.Join(", ", node.Generations.Select(one => $"{one.Generation} {one.Share ?? 0:P0}")),
            }));
    }

    private static Command RollbackVerb()
    {
        var deployment = ClientVerb.Argument("DEPLOYMENT", "Id of the deployment.");
        var to = ClientVerb.Option("--to", "Version to go back to. Default: that of the last good update with another version.", "VERSION");
        return ClientVerb.Create("rollback", "Bring a deployment back to an earlier version and wait until it is healthy.", [deployment, to], async (client, parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(deployment);
            var settings = await client.Deployer.GetDeploymentSettingsAsync(id, cancellationToken);
            var version = parsed.GetValue(to) ?? await PreviousAsync(client, settings, cancellationToken);
            await client.Deployer.SaveDeploymentSettingsAsync(settings with { GenerationsMapping = GenerationsMapping.Single(version) }, cancellationToken);
            Output.Note($"Rolling {id} back to {version}");
            return await DeployVerb.UpdateAsync(client, id, cancellationToken);
        });
    }

    private static async Task<string> PreviousAsync(PeregrineClient client, DeploymentSettings settings, CancellationToken cancellationToken)
    {
        var current = settings.GenerationsMapping.Shares.Select(share => share.Generation).ToHashSet(StringComparer.Ordinal);
        var updates = await client.Deployer.ListUpdatesAsync(settings.Id, cancellationToken);
        return updates.Where(update => update.Status == UpdateStatus.Done).OrderByDescending(update => update.StartTimestamp)
                   .SelectMany(update => update.Generations).FirstOrDefault(generation => !current.Contains(generation))
               ?? throw new UsageException($"Deployment '{settings.Id}' has no earlier version to go back to; name one with --to.");
    }

    internal static Argument<string> Deployment() => ClientVerb.Argument("DEPLOYMENT", "Id of the deployment.");

    internal static Option<bool> Later() => new("--no-update") { Description = "Only save the settings: nodes follow with the next update." };

    /// <summary>Saves other settings and, unless it shall wait, brings them to the nodes.</summary>
    internal static async Task<int> ChangeAsync(
        PeregrineClient client, string deployment, bool later, Func<DeploymentSettings, DeploymentSettings> change, CancellationToken cancellationToken)
    {
        var settings = await client.Deployer.GetDeploymentSettingsAsync(deployment, cancellationToken);
        await client.Deployer.SaveDeploymentSettingsAsync(change(settings), cancellationToken);
        if (!later) return await DeployVerb.UpdateAsync(client, deployment, cancellationToken);
        Output.Line($"Saved. The nodes of {deployment} follow with the next update.");
        return ExitCodes.Ok;
    }

    /// <summary>As the wire spells it.</summary>
    internal static string Health(DeploymentHealth health) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(health.ToString());
}
