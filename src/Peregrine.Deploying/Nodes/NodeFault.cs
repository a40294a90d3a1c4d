namespace Peregrine.Deploying.Nodes;

/// <summary>Why a node did not do what it was asked.</summary>
public enum NodeFault
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>Connected, but no answer in time.</summary>
    Timeout,

    /// <summary>The node does not take our key.</summary>
    WrongKey,

    /// <summary>The node answered with an error.</summary>
    Refused,

    /// <summary>What answers does not speak like an API node.</summary>
    NotANode,
}
