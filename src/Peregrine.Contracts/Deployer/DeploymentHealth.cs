using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.Deployer;

/// <summary>Health of a deployment, from best to worst: of several findings the worst counts.</summary>
[JsonConverter(typeof(UpperSnakeEnum<DeploymentHealth>))]
public enum DeploymentHealth
{
    /// <summary>Every node answers with the generations, shares and state that are wanted.</summary>
    Healthy,

    /// <summary>Nothing can be said: never deployed, disabled, or not looked at yet.</summary>
    Unknown,

    /// <summary>The nodes are as wanted, yet something should be looked at.</summary>
    Warning,

    /// <summary>A node answers but differs from what is wanted, or the settings were changed since the last update.</summary>
    OutOfSync,

    /// <summary>A node does not answer.</summary>
    Unhealthy,

    /// <summary>The last update failed, or a node refuses a generation.</summary>
    Error,
}
