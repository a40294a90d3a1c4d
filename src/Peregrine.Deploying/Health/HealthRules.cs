using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Reconcile;

namespace Peregrine.Deploying.Health;

/// <summary>Turns what is wanted and what was observed into a health with its reasons. Pure: no clock, no call.</summary>
internal static class HealthRules
{
    /// <param name="observations">Of every node, for the service id of the plan's target; empty when there is no target.</param>
    public static DeploymentHeavyStatus Judge(DeploymentPlan plan, IReadOnlyList<NodeObservation> observations, long checkedOn)
    {
        var wanted = plan.Target is { } target ? plan.Want(target) : null;
        IReadOnlyList<NodeStatus> nodes = wanted is null ? [] : [.. observations.Select(observation => NodeRules.Judge(wanted, observation))];
        var findings = Findings(plan, nodes).ToList();
        return new DeploymentHeavyStatus
        {
            Health = findings.Count == 0 ? DeploymentHealth.Healthy : findings.Max(finding => finding.Health),
            HealthMessages = new InfoMessages([.. findings.Select(finding => finding.Message)]),
            ApiNodes = [.. plan.Nodes.Select(node => new ApiNodeAddress(node.Url))],
            Nodes = nodes,
            CheckedOn = checkedOn,
        };
    }

    private static IEnumerable<Finding> Findings(DeploymentPlan plan, IReadOnlyList<NodeStatus> nodes)
    {
        if (UpdateFinding(plan, nodes) is { } update) yield return update;
        if (plan.Target is null)
        {
            yield return Finding.Of(DeploymentHealth.Unknown, "INFO_NEVER_UPDATED", "Not deployed yet",
                "No update has brought this deployment to its nodes yet. Start an update.");
            yield break;
        }

        if (plan.Nodes.Count == 0)
            yield return Finding.Of(DeploymentHealth.Error, "ERR_NO_NODES", "No API nodes",
                $"Infrastructure '{plan.Infra.Id}' has no API nodes, so nothing answers. Add apiNodes to its settings.");
        if (plan.IsEdited)
            yield return Finding.Of(DeploymentHealth.OutOfSync, "WARN_SETTINGS_CHANGED", "Settings changed",
                "The settings were changed since they were last brought to the nodes. Start an update to apply them.");
        if (!plan.Target.Enabled)
            yield return Finding.Of(DeploymentHealth.Unknown, "INFO_DISABLED", "Disabled",
                "This deployment is disabled: its nodes do not answer for the service.");
        foreach (var node in nodes.Where(node => node.Health != DeploymentHealth.Healthy))
            yield return Finding.Of(node.Health, CodeOf(node), $"Node {node.Url}", node.Message ?? $"Node {node.Url} is {node.Health}.");
    }

    /// <summary>A failed update is an error until the nodes are as it wanted them, or until another update ends.</summary>
    private static Finding? UpdateFinding(DeploymentPlan plan, IReadOnlyList<NodeStatus> nodes)
    {
        if (plan.LastUpdate is not { Status: UpdateStatus.Failed or UpdateStatus.Aborted } update) return null;
        var mended = plan.Target is not null && !plan.IsEdited && nodes.Count > 0 && nodes.All(node => node.Health == DeploymentHealth.Healthy);
        var reason = update.Report.Messages.FirstOrDefault(message => message.Severity == MessageSeverity.Error)?.Message ?? "Its log says more.";
        return mended
            ? Finding.Of(DeploymentHealth.Warning, "WARN_LAST_UPDATE_FAILED", "Last update did not finish",
                $"The last update did not finish, yet the nodes are as wanted now. {reason}")
            : Finding.Of(DeploymentHealth.Error, "ERR_LAST_UPDATE_FAILED", "Last update failed", reason);
    }

    private static string CodeOf(NodeStatus node) => node switch
    {
        { Reachable: false } => "ERR_NODE_UNREACHABLE",
        { Health: DeploymentHealth.Error } => "ERR_NODE_REFUSES",
        _ => "WARN_NODE_DIFFERS",
    };
}
