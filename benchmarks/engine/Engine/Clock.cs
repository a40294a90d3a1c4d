using System.Diagnostics;
using System.Globalization;

namespace Peregrine.Benchmarks.Engine;

/// <summary>Times loops over records in short slices, so that the best is one that nothing else on the machine disturbed.</summary>
internal static class Clock
{
    private const int Passes = 12;
    private const int Slice = 2_000;

    /// <summary>Nanoseconds a record: the median over the slices of the fastest pass over each.</summary>
    /// <param name="run">Called with the first record of a slice and how many.</param>
    public static double Best(int records, Action<int, int> run)
    {
        var best = new double[records / Slice];
        Array.Fill(best, double.MaxValue);
        for (var pass = -2; pass < Passes; pass++)
        {
            for (var slice = 0; slice < best.Length; slice++)
            {
                var started = Stopwatch.GetTimestamp();
                run(slice * Slice, Slice);
                if (pass >= 0) best[slice] = Math.Min(best[slice], Stopwatch.GetElapsedTime(started).TotalNanoseconds / Slice);
            }
        }

        Array.Sort(best);
        return best[best.Length / 2];
    }

    public static void Line(string what, double nanoseconds) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-44} {nanoseconds,8:F0} ns {1e9 / nanoseconds,12:N0} /s"));
}
