namespace Peregrine.Contracts.ApiNode.Drift;

/// <param name="Label">A range, a value, <c>other</c>, <c>unseen</c> or <c>missing</c>.</param>
/// <param name="Training">Share of the training rows, 0 to 1.</param>
/// <param name="Live">Share of the live records.</param>
public sealed record DriftBar(string Label, double Training, double Live);
