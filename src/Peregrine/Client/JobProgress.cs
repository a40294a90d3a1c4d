namespace Peregrine.Client;

/// <param name="Fraction">0 to 1; null while unknown.</param>
/// <param name="Phase">What is being done, one line.</param>
/// <param name="Algorithm">While training: the algorithm at work.</param>
public sealed record JobProgress(double? Fraction, string? Phase, string? Algorithm);
