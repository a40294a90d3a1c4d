namespace Peregrine.Contracts.ApiNode.Shadows;

/// <summary>Times in milliseconds.</summary>
/// <param name="Primary">To answer the requests that were copied.</param>
/// <param name="Shadow">To read and score the copies.</param>
public sealed record ShadowLatencies(LatencyFigures Primary, LatencyFigures Shadow);
