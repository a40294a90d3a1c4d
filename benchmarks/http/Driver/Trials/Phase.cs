using System.Diagnostics;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>What became of the requests that were due in one stretch of time.</summary>
internal sealed record Phase(double Rate, long From, long To, IReadOnlyList<Outcome> Outcomes)
{
    private const double Window = 0.1; // seconds

    private double Seconds => (To - From) / (double)Stopwatch.Frequency;

    public double Answered => Outcomes.Count(one => one.Status == 200) / Seconds;

    public double Refused => Outcomes.Count(one => one.Status is 503 or 429) / Seconds;

    public double GivenUp => Outcomes.Count(one => one.Status == Outcome.GivenUp) / Seconds;

    /// <summary>Milliseconds within which that share of the answered requests had their answer.</summary>
    public double AnsweredWithin(double share) => Percentile(Outcomes.Where(one => one.Status == 200), share);

    /// <summary>Milliseconds within which that share of the refused requests knew it.</summary>
    public double RefusedWithin(double share) => Percentile(Outcomes.Where(one => one.Status is 503 or 429), share);

    /// <summary>Seconds from the beginning of the phase to the last tenth of a second in which fewer than 95 % of the requests due were answered within 2 s.</summary>
    public double RecoveredAfter()
    {
        var last = -1;
        for (var window = 0; window * Window < Seconds; window++)
        {
            var from = From + (long)(window * Window * Stopwatch.Frequency);
            var to = from + (long)(Window * Stopwatch.Frequency);
            var due = Outcomes.Where(one => one.Due >= from && one.Due < to).ToList();
            if (due.Count(one => one.Status == 200) < 0.95 * due.Count) last = window;
        }

        return (last + 1) * Window;
    }

    private static double Percentile(IEnumerable<Outcome> outcomes, double share)
    {
        var sorted = outcomes.Select(one => one.Milliseconds).Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];
    }
}
