using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Web.Components;
using Peregrine.Web.Text;

namespace Peregrine.Web.Deployer.RateLimits;

/// <summary>Rate limits in the page's words.</summary>
internal static class LimitWords
{
    /// <summary>"200 requests in 1 s", "1,000,000 records a day".</summary>
    public static string Allows(RateLimitRule rule)
    {
        var full = rule.Normalized();
        var many = Figures.Count(full.Limit ?? 0, full.Unit == "rows" ? "record" : "request");
        return full.Period is { } period ? $"{many} a {period}" : $"{many} in {Window(full.WindowSeconds ?? 0)}";
    }

    /// <summary>"1 s", "5 min", "24 h".</summary>
    public static string Window(int seconds) => seconds switch
    {
        > 0 when seconds % 3600 == 0 => $"{Figures.Count(seconds / 3600)} h",
        > 0 when seconds % 60 == 0 => $"{Figures.Count(seconds / 60)} min",
        _ => $"{Figures.Count(seconds)} s",
    };

    public static string Whose(RateLimitRule rule) => (rule.Normalized().Per, rule.Key) switch
    {
        ("service", _) => "all callers together",
        (_, { } key) => $"key {key}",
        _ => "each caller for itself",
    };

    /// <summary>How the rule stands on the nodes.</summary>
    /// <param name="nodes">Of the infrastructure.</param>
    public static (Tone Tone, string Word) State(DeploymentRateLimit limit, int nodes) => limit switch
    {
        { Wanted: false } => (Tone.Warn, $"not wanted, on {Figures.Count(limit.Nodes.Count, "node")}"),
        _ when limit.Nodes.Count(node => node.Same) is var same && same == nodes && nodes > 0 => (Tone.Good, nodes == 1 ? "on the node" : $"on all {nodes} nodes"),
        _ => (Tone.Warn, $"on {limit.Nodes.Count(node => node.Same)} of {Figures.Count(nodes, "node")}"),
    };

    /// <summary>What is left to callers, node by node, for a hover.</summary>
    public static string Left(DeploymentRateLimit limit) => string.Join('\n', limit.Nodes.SelectMany(node =>
        node.Callers.Select(caller => $"{node.Url}: {caller.Key ?? "callers without a key, or all"}: {Figures.Count(caller.Remaining)} left, all again in {Figures.Count(caller.ResetSeconds)} s")));
}
