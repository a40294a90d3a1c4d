namespace Peregrine.Deploying.Deployments;

/// <summary>A package that a node must hold.</summary>
public sealed record WantedPackage(string Generation, string Digest);
