namespace Peregrine.Contracts.ApiNode;

/// <summary>The answer to listing a service's generations.</summary>
public sealed record NodeGenerations(IReadOnlyList<NodeGeneration> Generations);
