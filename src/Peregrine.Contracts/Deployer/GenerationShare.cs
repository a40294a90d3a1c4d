namespace Peregrine.Contracts.Deployer;

/// <param name="Proba">Share of requests, 0 to 1; the shares of a mapping sum to 1.</param>
public sealed record GenerationShare(string Generation, double Proba);
