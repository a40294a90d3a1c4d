namespace Peregrine.Packages.Verification;

/// <param name="Records">How many were replayed.</param>
public sealed record GoldenReport(int Records, IReadOnlyList<GoldenMismatch> Mismatches);
