using System.CommandLine;
using System.Text.Json;
using Peregrine.Commands;
using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Rate limits and quotas of a deployment: the same on all of its nodes.</summary>
internal static class DeploymentLimitVerbs
{
    public static Command Create() => ClientVerb.Group(
        "rate-limits", "Rate limits and quotas that every node of a deployment shall have.", ListVerb(), SetVerb(), RemoveVerb(), LeaveVerb());

    private static Command ListVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var json = ClientVerb.Json();
        return ClientVerb.Create("list", "List the rules, and how many calls each refused on the nodes.", [deployment, json], async (client, parsed, cancellationToken) =>
        {
            var limits = await client.Deployer.RateLimitsAsync(parsed.GetRequiredValue(deployment), cancellationToken);
            if (parsed.GetValue(json)) Output.Json(JsonSerializer.SerializeToNode(limits, DeployerJson.Default.DeploymentRateLimits));
            else Output.Table(["RULE", "ALLOWS", "PER", "ENDPOINT", "KEY", "NODES", "REFUSED"], limits.Rules.Select(Row));
            foreach (var silent in limits.Unanswered) Output.Note($"warning: not in these figures: {silent}");
        });
    }

    private static Command SetVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var rule = RateRuleOptions.Rule();
        var options = new RateRuleOptions();
        var later = DeploymentVerbs.Later();
        return ClientVerb.Create("set", "Add a rule, or replace the one of that name, and bring it to the nodes.", [deployment, rule, .. options.All, later], async (client, parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(rule);
            var given = options.Read(parsed, name).Deserialize(ApiNodeJson.Default.RateLimitRule)!;
            return await DeploymentVerbs.ChangeAsync(client, parsed.GetRequiredValue(deployment), parsed.GetValue(later), settings => settings with
            {
                RateLimits = [.. (settings.RateLimits ?? []).Where(other => other.Id != name), given],
            }, cancellationToken);
        });
    }

    private static Command RemoveVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        var rule = RateRuleOptions.Rule();
        var later = DeploymentVerbs.Later();
        return ClientVerb.Create("remove", "Take a rule away from the deployment and its nodes.", [deployment, rule, later], async (client, parsed, cancellationToken) =>
        {
            var (id, name) = (parsed.GetRequiredValue(deployment), parsed.GetRequiredValue(rule));
            return await DeploymentVerbs.ChangeAsync(client, id, parsed.GetValue(later), settings =>
            {
                var left = (settings.RateLimits ?? []).Where(other => other.Id != name).ToList();
                return left.Count < (settings.RateLimits?.Count ?? 0) ? settings with { RateLimits = left } : throw new UsageException($"Deployment '{id}' has no rule '{name}'.");
            }, cancellationToken);
        });
    }

    private static Command LeaveVerb()
    {
        var deployment = DeploymentVerbs.Deployment();
        return ClientVerb.Create("leave", "Want no rules any more and leave those that nodes have to the nodes.", [deployment], async (client, parsed, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(deployment);
            var settings = await client.Deployer.GetDeploymentSettingsAsync(id, cancellationToken);
            await client.Deployer.SaveDeploymentSettingsAsync(settings with { RateLimits = null }, cancellationToken);
            Output.Line($"From the next update of {id} on, its nodes keep what rate limits they have.");
        });
    }

    private static string[] Row(DeploymentRateLimit limit)
    {
        var rule = limit.Rule;
        var nodes = (limit.Wanted, limit.Nodes.Count(node => node.Same)) switch
        {
            (false, _) => $"{limit.Nodes.Count}, not wanted",
            (true, var same) when same == limit.Nodes.Count => $"{same}",
            (true, var same) => $"{same} of {limit.Nodes.Count} as wanted",
        };
        return [$"{rule.Id}", $"{rule.Limit} {rule.Unit} in {(rule.Period is { } period ? $"a {period}" : $"{rule.WindowSeconds} s")}", $"{rule.Per}", $"{rule.Endpoint}", $"{rule.Key}", nodes, $"{limit.Refused}"];
    }
}
