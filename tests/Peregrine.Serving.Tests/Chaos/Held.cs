namespace Peregrine.Serving.Tests.Chaos;

/// <summary>What the node has of a generation.</summary>
internal enum Held
{
    Available,
    Loaded,
    Failed,
}
