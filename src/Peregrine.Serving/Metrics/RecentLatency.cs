using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;

namespace Peregrine.Serving.Metrics;

/// <summary>
/// Latencies of about the last minute: copies every meter's counts each ten seconds and takes the difference. Requests pay nothing for it.
/// </summary>
internal sealed class RecentLatency(ServingMetrics metrics, TimeProvider clock) : BackgroundService
{
    private const int Kept = 6;
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(10);

    private readonly ConditionalWeakTable<EndpointMeter, Queue<Copy>> _marks = [];
    private readonly Lock _gate = new();
    private readonly long _started = clock.GetTimestamp();

    /// <summary>What came since the oldest copy kept, 50 to 60 s ago; since the meter or the node began when that is less.</summary>
    public Window Of(EndpointMeter meter)
    {
        lock (_gate)
        {
            var counts = meter.Latency.Copy();
            var total = meter.Latency.TotalMicroseconds;
            if (!_marks.TryGetValue(meter, out var marks) || !marks.TryPeek(out var oldest)) return new Window(clock.GetElapsedTime(_started), counts, total);
            for (var i = 0; i < counts.Length; i++) counts[i] -= oldest.Counts[i];
            return new Window(clock.GetElapsedTime(oldest.At), counts, total - oldest.TotalMicroseconds);
        }
    }

    /// <summary>Copies the counts; each ten seconds.</summary>
    internal void Mark()
    {
        lock (_gate)
        {
            foreach (var meter in metrics.Meters)
            {
                var marks = _marks.GetOrCreateValue(meter);
                marks.Enqueue(new Copy(clock.GetTimestamp(), meter.Latency.Copy(), meter.Latency.TotalMicroseconds));
                if (marks.Count > Kept) marks.Dequeue();
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_step, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Mark();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    /// <param name="Counts">By bucket, as <see cref="LatencyBuckets.Copy"/> gives them.</param>
    internal readonly record struct Window(TimeSpan Length, long[] Counts, long TotalMicroseconds)
    {
        public long Requests => Counts.Sum();
    }

    private readonly record struct Copy(long At, long[] Counts, long TotalMicroseconds);
}
