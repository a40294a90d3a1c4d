using System.CommandLine;
using Peregrine.Client;
using Peregrine.Commands;
using Peregrine.Contracts.Deployer;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class DeployVerb
{
    public static Command Create()
    {
        var service = ClientVerb.Argument("SERVICE", "Id of the published service.");
        var version = ClientVerb.Argument("VERSION", "Version to deploy.");
        var infra = new Option<string>("--infra") { Description = "Infrastructure to deploy on.", HelpName = "INFRA", Required = true };
        var id = ClientVerb.Option("--id", "Id of the deployment. Default: SERVICE-on-INFRA.", "DEPLOYMENT");
        return ClientVerb.Create("deploy", "Deploy a published version, or update a deployment to it, and wait until it is healthy.", [service, version, infra, id], async (client, parsed, cancellationToken) =>
        {
            var (published, place) = (parsed.GetRequiredValue(service), parsed.GetRequiredValue(infra));
            var deployment = parsed.GetValue(id) ?? $"{published}-on-{place}";
            await SetVersionAsync(client, deployment, published, place, parsed.GetRequiredValue(version), cancellationToken);
            return await UpdateAsync(client, deployment, cancellationToken);
        });
    }

    /// <summary>Makes the deployment, or sets its version when it is there.</summary>
    internal static async Task SetVersionAsync(
        PeregrineClient client, string deployment, string service, string infra, string version, CancellationToken cancellationToken)
    {
        var existing = (await client.Deployer.ListDeploymentsAsync(cancellationToken)).FirstOrDefault(one => one.DeploymentBasicInfo.Id == deployment)?.DeploymentBasicInfo;
        if (existing is null)
        {
            await client.Deployer.CreateDeploymentAsync(deployment, service, infra, version, cancellationToken);
            return;
        }

        if (existing.PublishedServiceId != service || existing.InfraId != infra)
            throw new UsageException(
                $"Deployment '{deployment}' is of service '{existing.PublishedServiceId}' on '{existing.InfraId}'. Name another one with --id.");
        var settings = await client.Deployer.GetDeploymentSettingsAsync(deployment, cancellationToken);
        await client.Deployer.SaveDeploymentSettingsAsync(settings with { Enabled = true, GenerationsMapping = GenerationsMapping.Single(version) }, cancellationToken);
    }

    /// <summary>Runs the update and says how it ended.</summary>
    internal static async Task<int> UpdateAsync(PeregrineClient client, string deployment, CancellationToken cancellationToken)
    {
        var result = await ProgressView.RunAsync($"Deploying {deployment}", progress => client.Deployer.UpdateAsync(deployment, progress, cancellationToken));
        foreach (var message in result.Report.Messages.Where(message => message.Severity >= MessageSeverity.Warning))
            Output.Note($"{message.Severity.ToString().ToLowerInvariant()}: {message.Message}");
        if (result.Status != UpdateStatus.Done || result.Health != DeploymentHealth.Healthy)
            return Output.Fail($"Deployment {deployment} is {DeploymentVerbs.Health(result.Health)} after the update ({result.Status.ToString().ToUpperInvariant()}).", ExitCodes.Failure);
        Output.Line($"Deployment {deployment} is HEALTHY.");
        var (status, light) = (await client.Deployer.StatusAsync(deployment, cancellationToken), await client.Deployer.LightStatusAsync(deployment, cancellationToken));
        var service = light.DeploymentBasicInfo.DeployedServiceId ?? light.DeploymentBasicInfo.PublishedServiceId;
        foreach (var node in status.ApiNodes) Output.Line($"{node.Url}/public/api/v1/{service}/");
        return ExitCodes.Ok;
    }
}
