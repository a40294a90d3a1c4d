using Peregrine.Contracts.ApiNode;

namespace Peregrine.Contracts.Deployer;

/// <summary>What one rule has counted on one node.</summary>
/// <param name="Same">Whether the node's rule is the one that is wanted.</param>
public sealed record NodeRateLimitCount(string Url, bool Same, long Refused, IReadOnlyList<RateLimitCaller> Callers);
