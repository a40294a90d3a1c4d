namespace Peregrine.Deploying.Nodes;

/// <summary>What an endpoint answered, as it came.</summary>
public sealed record NodeAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public bool Success => Status is >= 200 and < 300;
}
