namespace Peregrine.Hosting.Futures;

/// <summary>How far a job is: one immutable picture, replaced as a whole.</summary>
/// <param name="Fraction">0 to 1, null while unknown.</param>
/// <param name="Phase">What is being done now, one line.</param>
/// <param name="Log">The last lines, oldest first.</param>
public sealed record FutureProgress(double? Fraction, string? Phase, IReadOnlyList<string> Log)
{
    internal static readonly FutureProgress None = new(null, null, []);
}
