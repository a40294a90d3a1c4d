using System.Diagnostics;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>What became of the requests that were due in one stretch of time.</summary>
/// <param name="Rate">Requests per second that were asked for.</param>
/// <param name="Slept">How long the driver did not run when it should have.</param>
internal sealed record Phase(double Rate, long From, long To, long Slept, IReadOnlyList<Outcome> Outcomes)
{
    private double Seconds => (To - From) / (double)Stopwatch.Frequency;

    /// <summary>The share of the time in which the driver did not run when it should have, 0 to 1.</summary>
    public double SleptShare => Slept / (double)(To - From);

    /// <summary>Requests per second that were made.</summary>
    public double Offered => Outcomes.Count / Seconds;

    public double Answered => Outcomes.Count(one => one.Status == 200) / Seconds;

    public double Refused => Outcomes.Count(one => one.Status is 503 or 429) / Seconds;

    public double GivenUp => Outcomes.Count(one => one.Status == Outcome.GivenUp) / Seconds;

    /// <summary>Milliseconds within which that share of the answered requests had their answer.</summary>
    public double AnsweredWithin(double share) => Percentile(Outcomes.Where(one => one.Status == 200), share);

    /// <summary>Milliseconds within which that share of the refused requests knew it.</summary>
    public double RefusedWithin(double share) => Percentile(Outcomes.Where(one => one.Status is 503 or 429), share);

    /// <summary>Answered requests a second of those that were due in the first second.</summary>
    public double AnsweredAtFirst => Outcomes.Count(one => one.Status == 200 && one.Due < From + Stopwatch.Frequency);

    /// <summary>Requests that were due in the first second.</summary>
    public int DueAtFirst => Outcomes.Count(one => one.Due < From + Stopwatch.Frequency);

    private static double Percentile(IEnumerable<Outcome> outcomes, double share)
    {
        var sorted = outcomes.Select(one => one.Milliseconds).Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];
    }
}
