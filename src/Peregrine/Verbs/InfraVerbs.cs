using System.CommandLine;
using System.Text.Json;
using Peregrine.Contracts.Deployer;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

internal static class InfraVerbs
{
    public static Command Create() => ClientVerb.Group("infra", "Infrastructures: where services are deployed.", CreateVerb(), ListVerb());

    private static Command CreateVerb()
    {
        var infra = ClientVerb.Argument("INFRA", "Id of the new infrastructure.");
        var stage = new Option<string>("--stage") { Description = "Stage it belongs to, such as Development or Production.", HelpName = "STAGE", DefaultValueFactory = _ => "Development" };
        var node = new Option<string[]>("--node") { Description = "URL of an API node; may be given several times.", HelpName = "URL", Required = true };
        var nodeKey = ClientVerb.Option("--node-key", "Key of the nodes' admin API. Default: the key used for this call.", "KEY");
        return ClientVerb.Create("create", "Make a static infrastructure of API nodes.", [infra, stage, node, nodeKey], async (client, parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(infra);
            var nodes = parsed.GetRequiredValue(node).Select(url => ConnectionOptions.ParseUrl(url).AbsoluteUri.TrimEnd('/')).ToList();
            await client.Deployer.CreateInfraAsync(id, parsed.GetRequiredValue(stage), cancellationToken);
            var settings = await client.Deployer.GetInfraSettingsAsync(id, cancellationToken);
            var key = parsed.GetValue(nodeKey) ?? client.Key;
            await client.Deployer.SaveInfraSettingsAsync(
                settings with { ApiNodes = [.. nodes.Select(url => new ApiNodeSettings { Url = url, AdminApiKey = key })] }, cancellationToken);
            Output.Line($"Infrastructure {id} has {nodes.Count} API node{(nodes.Count == 1 ? "" : "s")} in stage {parsed.GetRequiredValue(stage)}.");
        });
    }

    private static Command ListVerb()
    {
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the infrastructures.", [json], async (client, parsed, cancellationToken) =>
        {
            var infras = await client.Deployer.ListInfrasAsync(cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(infras, DeployerJson.Default.IReadOnlyListInfraStatus));
            else
                Output.Table(
                    ["INFRASTRUCTURE", "STAGE", "API NODES", "DEPLOYMENTS"],
                    infras.Select(infra => new[]
                    {
                        infra.InfraBasicInfo.Id, infra.InfraBasicInfo.Stage, string.Join(", ", infra.ApiNodes.Select(node => node.Url)),
                        string.Join(", ", infra.Deployments.Select(deployment => deployment.Id)),
                    }));
        });
    }
}
