namespace Peregrine.Models.Drift;

/// <summary>What a test says of two samples.</summary>
/// <param name="Statistic">The largest distance for Kolmogorov-Smirnov, chi-square for that test.</param>
/// <param name="P">How probable so much or more would be without a difference, 0 to 1.</param>
public readonly record struct TestOutcome(double Statistic, double P);
