using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Peregrine.Commands;
using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.ApiNode.Shadows;
using Peregrine.Contracts.Deployer;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Shadows of a deployment: versions that score copies of requests on all of its nodes.</summary>
internal static class DeploymentShadowVerbs
{
    public static Command Create() => ClientVerb.Group(
        "shadows", "Versions that score copies of requests on every node of a deployment, and whose answers nobody sees.", CompareVerb(), SetVerb(), RemoveVerb(), LeaveVerb());

    private static Command CompareVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var json = ClientVerb.Json();
        return ClientVerb.Create("compare", "Compare the answers of shadows with those that callers got, over all nodes.", [deployment, json], async (client, parsed, cancellationToken) =>
        {
            var board = await client.Deployer.ShadowsAsync(parsed.GetRequiredValue(deployment), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(board, DeployerJson.Default.DeploymentShadows));
            else
                Output.Table(
                    ["ENDPOINT", "ANSWERED", "SHADOW", "RECORDS", "AGREEMENT", "FLIPS", "FAILED", "MEAN DISTANCE", "MAX DISTANCE", "P99 MS", "SHADOW P99 MS"], board.Comparisons.Select(Row));
            foreach (var silent in board.Unanswered) Output.Note($"warning: not in these figures: {silent}");
        });
    }

    private static Command SetVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var shadows = new Argument<string[]>("VERSION=SHARE") { Description = "A version and the share of requests that it gets copies of, such as v2=0.1; a version alone gets all.", Arity = ArgumentArity.OneOrMore };
        var later = DeploymentVerbs.Later();
        return ClientVerb.Create("set", "Want these shadows, and no others, and bring them to the nodes.", [deployment, shadows, later], async (client, parsed, cancellationToken) =>
        {
            var wanted = MappingOptions.Shares(parsed.GetRequiredValue(shadows), "share").Select(share => share.Deserialize(ApiNodeJson.Default.ShadowShare)!).ToList();
            return await DeploymentVerbs.ChangeAsync(client, parsed.GetRequiredValue(deployment), parsed.GetValue(later), settings => settings.WithShadows(wanted), cancellationToken);
        });
    }

    private static Command RemoveVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var version = ClientVerb.Argument("VERSION", "The version that shall be a shadow no longer.");
        var later = DeploymentVerbs.Later();
        return ClientVerb.Create("remove", "Take a shadow away from the deployment and its nodes.", [deployment, version, later], async (client, parsed, cancellationToken) =>
        {
            var (id, name) = (parsed.GetRequiredValue(deployment), parsed.GetRequiredValue(version));
            return await DeploymentVerbs.ChangeAsync(client, id, parsed.GetValue(later), settings =>
            {
                var left = (settings.WantedShadows ?? []).Where(shadow => shadow.Generation != name).ToList();
                return left.Count < (settings.WantedShadows?.Count ?? 0) ? settings.WithShadows(left) : throw new UsageException($"Deployment '{id}' has no shadow '{name}'.");
            }, cancellationToken);
        });
    }

    private static Command LeaveVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        return ClientVerb.Create("leave", "Want no shadows any more and leave those that nodes have to the nodes.", [deployment], async (client, parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(deployment);
            var settings = await client.Deployer.GetDeploymentSettingsAsync(id, cancellationToken);
            await client.Deployer.SaveDeploymentSettingsAsync(settings.WithShadows(null), cancellationToken);
            Output.Line($"From the next update of {id} on, its nodes keep what shadows they have.");
        });
    }

    private static string[] Row(ShadowComparisonReport one) =>
    [
        one.EndpointId, one.Primary, one.Shadow, $"{one.Records}", Figure(one.Agreement, "P2"), $"{one.Flips}", $"{one.Failed}", Figure(one.ScoreDistance.Mean, "G4"),
        Figure(one.ScoreDistance.Max, "G4"), Figure(one.LatencyMs.Primary.P99, "0.###"), Figure(one.LatencyMs.Shadow.P99, "0.###"),
    ];

    private static string Figure(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
