namespace Peregrine.Designing.Lab;

/// <summary>How far a running training session is.</summary>
/// <param name="Fraction">0 to 1 over the whole session.</param>
/// <param name="Phase">What is being done now.</param>
/// <param name="Algorithm">The algorithm being trained, null before the first.</param>
public sealed record TrainingProgress(double Fraction, string Phase, string? Algorithm);
