namespace Peregrine.Contracts.ApiNode.Shadows;

/// <summary>Copies of requests that wait on a node, for all its services together.</summary>
public sealed record ShadowBacklog
{
    public long Waiting { get; init; }

    public ShadowDrops? Dropped { get; init; }
}
