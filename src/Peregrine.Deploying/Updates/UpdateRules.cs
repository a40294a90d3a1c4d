using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Updates;

/// <summary>What must hold before an update may start.</summary>
internal static class UpdateRules
{
    public static void Check(DeploymentPlan plan)
    {
        if (plan.Nodes.Count == 0)
            throw ApiError.Conflict(
                $"Infrastructure '{plan.Infra.Id}' has no API nodes.",
                $"Infrastructure '{plan.Infra.Id}' has no API nodes. Add apiNodes to its settings, then start the update.", "NoApiNodes").AsException();
        if (plan.Infra.GovernCheckPolicy == GovernCheckPolicy.Prevent)
            throw GovernanceRules.Refusal(plan.Infra).AsException();
        _ = plan.Want(plan.Settings);
    }
}
