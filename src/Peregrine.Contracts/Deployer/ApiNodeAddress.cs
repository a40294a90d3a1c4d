namespace Peregrine.Contracts.Deployer;

/// <summary>Where a node answers. The URL never ends with a slash, since callers append a path to it.</summary>
public sealed record ApiNodeAddress(string Url);
