using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Reconcile;

namespace Peregrine.Deploying.Health;

/// <summary>The health of one node and of each generation on it.</summary>
internal static class NodeRules
{
    public static NodeStatus Judge(WantedService wanted, NodeObservation observation)
    {
        if (observation.Fault is { } fault) return Silent(wanted, observation.Node, fault);
        var generations = Generations(wanted, observation.Service);
        var message = MessageOf(NodeDifference.Between(wanted, observation.Contents), wanted, observation, generations);
        return new NodeStatus
        {
            Url = observation.Node.Url,
            Reachable = true,
            Health = generations.Any(generation => generation.Health == DeploymentHealth.Error) ? DeploymentHealth.Error
                : message is null ? DeploymentHealth.Healthy : DeploymentHealth.OutOfSync,
            Message = message,
            Generations = generations,
        };
    }

    private static NodeStatus Silent(WantedService wanted, NodeTarget node, NodeException fault) => new()
    {
        Url = node.Url,
        Reachable = !fault.IsUnreachable,
        Health = fault.IsUnreachable ? DeploymentHealth.Unhealthy : DeploymentHealth.Error,
        Message = fault.Message,
        Generations = [.. wanted.Mapping.Entries.Select(entry => new NodeGenerationStatus
        {
            Generation = entry.Generation, Health = DeploymentHealth.Unknown, Present = false, Ready = false, WantedShare = entry.Proba,
        })],
    };

    private static IReadOnlyList<NodeGenerationStatus> Generations(WantedService wanted, NodeService? actual)
    {
        var held = (actual?.Generations ?? []).ToDictionary(generation => generation.Generation, StringComparer.Ordinal);
        var digests = wanted.Packages.ToDictionary(package => package.Generation, package => package.Digest, StringComparer.Ordinal);
        var listed = wanted.Mapping.Entries.Select(entry => Wanted(wanted, entry, held.GetValueOrDefault(entry.Generation), digests[entry.Generation], actual));
        var extra = held.Values.Where(generation => !digests.ContainsKey(generation.Generation) && generation.MappedProba > 0).Select(generation => Extra(generation, actual!));
        return [.. listed, .. extra];
    }

    private static NodeGenerationStatus Wanted(WantedService wanted, GenerationShare entry, NodeGeneration? held, string digest, NodeService? actual)
    {
        var share = held is not null && actual is { Enabled: true } ? held.MappedProba : (double?)null;
        var (health, message) = held switch
        {
            null when !wanted.Enabled => (DeploymentHealth.Healthy, null),
            null => (DeploymentHealth.OutOfSync, "The node does not hold this generation."),
            _ when !string.Equals(held.Digest, digest, StringComparison.OrdinalIgnoreCase) => (DeploymentHealth.Error,
                "The node holds another package under this id. Delete the service on the node, or publish under a new version id."),
            { State: GenerationState.Failed } => (DeploymentHealth.Error, held.Message ?? "The node cannot load this generation; its log says why."),
            { State: not GenerationState.Ready } when wanted.Enabled => (DeploymentHealth.OutOfSync, $"The generation is {held.State} on the node, not ready."),
            _ => (DeploymentHealth.Healthy, (string?)null),
        };
        return new NodeGenerationStatus
        {
            Generation = entry.Generation, Health = health, Message = message, Present = held is not null,
            Ready = held is { State: GenerationState.Ready }, WantedShare = entry.Proba, Share = share,
        };
    }

    private static NodeGenerationStatus Extra(NodeGeneration held, NodeService actual) => new()
    {
        Generation = held.Generation, Health = DeploymentHealth.OutOfSync, Present = true, Ready = held.State == GenerationState.Ready,
        Share = actual.Enabled ? held.MappedProba : null, Message = "The node answers with this generation, which is not wanted.",
    };

    /// <summary>Null when the node is as wanted.</summary>
    private static string? MessageOf(
        NodeDifference difference, WantedService wanted, NodeObservation observation, IReadOnlyList<NodeGenerationStatus> generations)
    {
        if (difference.IsNone) return null;
        var at = $"Node {observation.Node.Url}";
        if (generations.FirstOrDefault(generation => generation.Health == DeploymentHealth.Error) is { } failed)
            return $"{at}, generation '{failed.Generation}': {failed.Message}";
        if (difference.LacksService) return $"{at} does not know service '{wanted.ServiceId}'. The Deployer brings it back.";
        if (difference.Missing is [var missing, ..]) return $"{at} does not hold generation '{missing.Generation}'. The Deployer sends it again.";
        if (difference.WrongShadows) return $"{at} has other shadows than wanted."; // without it, their generations need not be ready
        if (difference.NotReady is [var waiting, ..]) return $"{at} is not ready to answer with generation '{waiting.Generation}'.";
        return difference switch
        {
            { WrongEnabled: true } => $"{at}: service '{wanted.ServiceId}' is {(wanted.Enabled ? "disabled" : "enabled")}, but should not be.",
            { WrongMapping: true } => $"{at} answers with other generations or shares than wanted.",
            { WrongLimits: true } => $"{at} has other rate limits than wanted{(observation.Contents.Limits?.Damage is { } damage ? $": {damage}" : ".")}",
            _ => $"{at} has other keys than wanted.",
        };
    }
}
