namespace Peregrine.Benchmarks.Driver.Trials;

/// <param name="Due">Timestamp at which the request was to be sent.</param>
/// <param name="Done">Timestamp at which its answer was here.</param>
/// <param name="Status">HTTP status; 0: it was given up, unsent; -1: the connection was lost.</param>
internal readonly record struct Outcome(long Due, long Done, int Status)
{
    public const int GivenUp = 0;
    public const int Lost = -1;

    public double Milliseconds => (Done - Due) * 1000.0 / System.Diagnostics.Stopwatch.Frequency;
}
