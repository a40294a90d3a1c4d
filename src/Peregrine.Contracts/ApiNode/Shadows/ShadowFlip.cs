namespace Peregrine.Contracts.ApiNode.Shadows;

/// <summary>How often callers got one class where the shadow said another.</summary>
public sealed record ShadowFlip(string From, string To, long Count);
