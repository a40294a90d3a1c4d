using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer.Keys;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Reconcile;

namespace Peregrine.Deploying.Keys;

/// <summary>Puts what is wanted and what nodes tell of the keys of a deployment together. Pure.</summary>
internal static class DeploymentKeyList
{
    public const string NotDeployed = "The key comes with the first update of the deployment.";

    /// <param name="told">Of every node; empty when the deployment has not reached its nodes.</param>
    public static IReadOnlyList<DeploymentKey> Of(
        DeploymentPlan plan, IReadOnlyList<(NodeTarget Node, IReadOnlyList<NodeServiceKey>? Answer, NodeException? Fault)> told, DateTimeOffset now)
    {
        var wanted = plan.Keys.Reverse().Select(key => Describe(key, now) with
        {
            LastUsed = LastUse(told, NodeServiceKey.FromDeployer, key.Id),
            Nodes = told.Count == 0
                ? [.. plan.Nodes.Select(node => new NodeKeyState { Url = node.Url, Message = NotDeployed })]
                : [.. told.Select(node => StateOn(node, key))],
        });
        var known = plan.Keys.Select(key => key.Id).ToHashSet(StringComparer.Ordinal);
        var found = told.SelectMany(node => (node.Answer ?? []).Where(key => key.Source != NodeServiceKey.FromDeployer || !known.Contains(key.Id)))
            .DistinctBy(key => (key.Source, key.Id)).OrderByDescending(key => key.Source, StringComparer.Ordinal).ThenBy(key => key.Label, StringComparer.Ordinal)
            .Select(key => Describe(key) with { LastUsed = LastUse(told, key.Source, key.Id), Nodes = [.. told.Select(node => FoundOn(node, key))] });
        return [.. wanted, .. found];
    }

    public static DeploymentKey Describe(DeployedKey key, DateTimeOffset now) => new()
    {
        Id = key.Id, Label = key.Label, Source = NodeServiceKey.FromDeployer, State = key.Expiry <= now.ToUnixTimeMilliseconds() ? "expired" : "active",
        CreatedOn = key.CreatedOn, CreatedBy = key.CreatedBy, Expiry = key.Expiry, Endpoints = key.Endpoints, Replaces = key.Replaces,
    };

    private static DeploymentKey Describe(NodeServiceKey key) => new()
    {
        Id = key.Id, Label = key.Label ?? "", Source = key.Source, State = key.State, CreatedOn = key.CreatedOn, Expiry = key.Expiry, Endpoints = key.Endpoints,
    };

    /// <summary>A key is used as long as any node is asked with it.</summary>
    private static DateTimeOffset? LastUse(
        IEnumerable<(NodeTarget Node, IReadOnlyList<NodeServiceKey>? Answer, NodeException? Fault)> told, string source, string id) =>
        told.SelectMany(node => node.Answer ?? []).Where(key => key.Source == source && key.Id == id).Max(key => key.LastUsed);

    private static NodeKeyState StateOn((NodeTarget Node, IReadOnlyList<NodeServiceKey>? Answer, NodeException? Fault) node, DeployedKey key)
    {
        if (node.Fault is { } fault) return new NodeKeyState { Url = node.Node.Url, Message = fault.Message };
        var held = node.Answer?.FirstOrDefault(other => other.Id == key.Id);
        if (held is not null && NodeDifference.IsAsWanted(key, held)) return new NodeKeyState { Url = node.Node.Url, Present = true };
        return new NodeKeyState
        {
            Url = node.Node.Url, Present = false, Message = held is null ? "Not there yet. The Deployer brings it." : "Differs there. The Deployer brings it into line.",
        };
    }

    private static NodeKeyState FoundOn((NodeTarget Node, IReadOnlyList<NodeServiceKey>? Answer, NodeException? Fault) node, NodeServiceKey key)
    {
        if (node.Fault is { } fault) return new NodeKeyState { Url = node.Node.Url, Message = fault.Message };
        var there = node.Answer?.Any(other => other.Id == key.Id && other.Source == key.Source) == true;
        return new NodeKeyState
        {
            Url = node.Node.Url, Present = there,
            Message = there && key.Source == NodeServiceKey.FromDeployer ? "Revoked, but still there. The Deployer takes it away." : null,
        };
    }
}
