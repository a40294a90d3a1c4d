namespace Peregrine.Contracts.Deployer;

/// <summary>Kinds of infrastructure that the public API names.</summary>
public static class InfraTypes
{
    /// <summary>A fixed list of API nodes.</summary>
    public const string Static = "STATIC";
}
