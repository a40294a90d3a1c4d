namespace Peregrine.Contracts.Deployer;

/// <summary>An endpoint of a published version.</summary>
/// <param name="Type">Such as <c>STD_PREDICTION</c>.</param>
public sealed record PublishedEndpoint(string Id, string Type);
