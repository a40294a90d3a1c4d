namespace Peregrine.Deploying.Nodes;

/// <summary>An API service as a node tells of it.</summary>
public sealed record NodeService
{
    public string ServiceId { get; init; } = "";

    public bool Enabled { get; init; }

    public NodeMapping Mapping { get; init; } = new();

    public IReadOnlyList<NodeGeneration> Generations { get; init; } = [];
}
