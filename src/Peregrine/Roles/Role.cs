namespace Peregrine.Roles;

/// <summary>What one process does.</summary>
[Flags]
public enum Role
{
    None = 0,
    Design = 1,
    Deployer = 2,
    ApiNode = 4,

    /// <summary>The pages; they need both engines of the control plane.</summary>
    Web = 8,

    /// <summary>Everything, as one person at one machine wants it.</summary>
    All = Design | Deployer | ApiNode | Web,
}
