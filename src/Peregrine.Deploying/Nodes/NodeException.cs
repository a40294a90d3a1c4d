namespace Peregrine.Deploying.Nodes;

/// <summary>A node did not do what it was asked. The message is fit for people: node, action, reason.</summary>
public sealed class NodeException(string nodeUrl, NodeFault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    public string NodeUrl { get; } = nodeUrl;

    public NodeFault Fault { get; } = fault;

    /// <summary>The class of error that the node named; null when it named none.</summary>
    public string? ErrorType { get; init; }

    /// <summary>True when the node could not be spoken to at all.</summary>
    public bool IsUnreachable => Fault is NodeFault.Unreachable or NodeFault.Timeout;
}
