namespace Peregrine.Packages.Verification;

/// <summary>A golden record that this program answers otherwise than the one that made the package.</summary>
/// <param name="Record">Number of the record, from 0.</param>
/// <param name="Expected">The stored answer as JSON text, with doubles in their shortest exact form.</param>
/// <param name="Actual">The answer of this program, or what is wrong with the record.</param>
public sealed record GoldenMismatch(int Record, string Expected, string Actual);
