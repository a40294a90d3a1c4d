namespace Peregrine.Deploying.Nodes;

/// <summary>A node to call: its address without trailing slash, and the key of its admin API in clear. Never logged nor stored as such.</summary>
public sealed record NodeTarget(string Url, string? AdminKey)
{
    public override string ToString() => Url;
}
