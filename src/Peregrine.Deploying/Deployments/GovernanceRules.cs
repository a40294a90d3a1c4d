using Peregrine.Contracts.Deployer;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Deployments;

/// <summary>This build has no place where a version could be approved, so every version counts as not approved.</summary>
internal static class GovernanceRules
{
    private const string Reason = "No governance is connected to this Deployer, so no version can be approved.";

    public static InfoMessages StatusOf(InfraSettings infra) => infra.GovernCheckPolicy switch
    {
        GovernCheckPolicy.Prevent => new InfoMessages([Message(MessageSeverity.Error, "ERR_NOT_APPROVED", infra)]),
        GovernCheckPolicy.Warn => new InfoMessages([Message(MessageSeverity.Warning, "WARN_NOT_APPROVED", infra)]),
        _ => InfoMessages.None,
    };

    /// <summary>Refuses what the policy of the infrastructure forbids.</summary>
    public static void Check(InfraSettings infra, bool ignoreWarnings)
    {
        if (infra.GovernCheckPolicy == GovernCheckPolicy.Prevent) throw Refusal(infra).AsException();
        if (infra.GovernCheckPolicy == GovernCheckPolicy.Warn && !ignoreWarnings)
            throw ApiError.Conflict(
                $"The version is not approved for infrastructure '{infra.Id}'.",
                $"The version is not approved for infrastructure '{infra.Id}'. {Reason} Repeat with ignoreWarnings=true to deploy all the same.",
                "NotApproved").AsException();
    }

    public static ApiError Refusal(InfraSettings infra) => ApiError.Conflict(
        $"Infrastructure '{infra.Id}' takes only approved versions.",
        $"Infrastructure '{infra.Id}' takes only approved versions. {Reason} Change its governCheckPolicy to deploy there.", "NotApproved");

    private static InfoMessage Message(MessageSeverity severity, string code, InfraSettings infra) => new()
    {
        Severity = severity, IsFatal = severity == MessageSeverity.Error, Code = code, Title = "Not approved",
        Message = $"{Reason} Infrastructure '{infra.Id}' has the policy {(infra.GovernCheckPolicy == GovernCheckPolicy.Warn ? "WARN" : "PREVENT")}.",
    };
}
