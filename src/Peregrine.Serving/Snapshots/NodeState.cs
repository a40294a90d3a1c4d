namespace Peregrine.Serving.Snapshots;

/// <summary>The one reference that requests read and changes swap.</summary>
internal sealed class NodeState
{
    private NodeSnapshot _current = NodeSnapshot.Empty;

    public NodeSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Only the holder of the change gate calls this.</summary>
    public void Swap(NodeSnapshot next) => Volatile.Write(ref _current, next);
}
