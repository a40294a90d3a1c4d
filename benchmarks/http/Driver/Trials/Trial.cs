using System.Diagnostics;
using System.Globalization;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>What needs a node of its own for a while: switches, overload, soak. The load is offered at its time, whether or not earlier requests were answered.</summary>
internal abstract class Trial(TrialNode node, Settings settings)
{
    private const int Callers = 4;
    protected const double Settled = 0.05; // of the rate

    protected TrialNode Node { get; } = node;

    protected Settings Settings { get; } = settings;

    public abstract Task RunAsync();

    /// <summary>
    /// Warms the node up, for the time that was set at least and then until two looks in a row see the same rate, and tells it: requests a second that a few callers get
    /// answered who always ask again.
    /// </summary>
    protected async Task<double> CapacityAsync(Load load)
    {
        // While its code is compiled a node seems to have settled, at a fraction of its speed.
        await load.MeasureCapacityAsync(Callers, Settings.WarmUpSeconds);
        var before = 0.0;
        for (var look = 0; look < 12; look++)
        {
            var now = await load.MeasureCapacityAsync(Callers, Math.Max(2, Settings.Seconds / 2));
            if (Math.Abs(now - before) < Settled * now) return now;
            before = now;
        }

        return before;
    }

    protected static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    protected static long Failed(Phase phase) => phase.Outcomes.Count(one => one.Status != 200);

    protected static double Megabytes(long bytes) => bytes / 1e6;

    protected static double Elapsed(long from) => Stopwatch.GetElapsedTime(from).TotalSeconds;
}
