namespace Peregrine.Contracts.ApiNode.Shadows;

/// <summary>How far scores lie apart: the largest difference of a class's probability, 0 to 1, or that of predicted numbers.</summary>
/// <param name="Records">Records whose scores could be compared; 0: the others are null.</param>
public sealed record ShadowDistance(long Records, double? Mean, double? Max);
