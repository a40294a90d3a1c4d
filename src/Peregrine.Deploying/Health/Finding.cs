using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Health;

/// <summary>One reason for a health.</summary>
internal sealed record Finding(DeploymentHealth Health, InfoMessage Message)
{
    public static Finding Of(DeploymentHealth health, string code, string title, string message) => new(health, new InfoMessage
    {
        Severity = health switch
        {
            DeploymentHealth.Error or DeploymentHealth.Unhealthy => MessageSeverity.Error,
            DeploymentHealth.Warning or DeploymentHealth.OutOfSync => MessageSeverity.Warning,
            _ => MessageSeverity.Info,
        },
        Code = code,
        Title = title,
        Message = message,
    });
}
