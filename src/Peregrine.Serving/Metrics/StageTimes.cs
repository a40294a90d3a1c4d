using System.Numerics;

namespace Peregrine.Serving.Metrics;

/// <summary>Histograms of how long each stage took. A stage costs a request two atomic adds on cells that its processor rarely shares.</summary>
internal sealed class StageTimes
{
    /// <summary>Seconds. Stages take microseconds, so the boundaries begin at 1.</summary>
    public static readonly double[] Boundaries = [0.000001, 0.0000025, 0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1, 10];

    private const int Width = 32; // cells of one stage: counts, the last one the sum; four cache lines
    private const int Sum = Width - 1;
    private static readonly int s_stages = Enum.GetValues<Stage>().Length;
    private static readonly int s_stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16));
    private static readonly long[] s_boundaries = [.. Boundaries.Select(seconds => (long)Math.Round(seconds * 1e9))];

    private readonly long[] _cells = new long[s_stripes * s_stages * Width];

    public void Add(Stage stage, long nanoseconds)
    {
        var bucket = 0;
        while (bucket < s_boundaries.Length && nanoseconds > s_boundaries[bucket]) bucket++;
        var cells = (((Thread.GetCurrentProcessorId() & (s_stripes - 1)) * s_stages) + (int)stage) * Width;
        Interlocked.Increment(ref _cells[cells + bucket]);
        Interlocked.Add(ref _cells[cells + Sum], nanoseconds);
    }

    /// <summary>Counts by bucket, the last one beyond all boundaries, and the sum in seconds.</summary>
    public (long[] Counts, double Sum) Read(Stage stage)
    {
        var counts = new long[Boundaries.Length + 1];
        var sum = 0L;
        for (var stripe = 0; stripe < s_stripes; stripe++)
        {
            var cells = ((stripe * s_stages) + (int)stage) * Width;
            for (var i = 0; i < counts.Length; i++) counts[i] += Volatile.Read(ref _cells[cells + i]);
            sum += Volatile.Read(ref _cells[cells + Sum]);
        }

        return (counts, sum / 1e9);
    }
}
