using Peregrine.Contracts.ApiNode.Shadows;

namespace Peregrine.Contracts.Deployer;

/// <summary>The shadows in force on one node.</summary>
public sealed record NodeShadows(string Url, IReadOnlyList<ShadowState> Shadows, ShadowBacklog? Queue);
