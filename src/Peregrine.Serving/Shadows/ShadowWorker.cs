using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Shadows;

/// <summary>The one thread that scores copies. After each slice of work it rests in proportion, so that it takes no more than its share of a core.</summary>
internal sealed partial class ShadowWorker(ShadowQueue queue, ShadowScorer scorer, IOptions<ShadowOptions> options, ILogger<ShadowWorker> log) : BackgroundService
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(4);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (WorkForASlice() is { Ticks: > 0 } worked) stoppingToken.WaitHandle.WaitOne(RestAfter(worked));
            else if (queue.TryRest())
            {
                WaitHandle.WaitAny([queue.Arrived, stoppingToken.WaitHandle]);
                stoppingToken.WaitHandle.WaitOne(options.Value.Delay);
            }
        }

        while (queue.TryTake(out var left))
        {
            queue.CountReleased(left.Records);
            left.Release();
        }
    }

    /// <returns>Time worked; zero when nothing waited.</returns>
    private TimeSpan WorkForASlice()
    {
        var started = Stopwatch.GetTimestamp();
        var worked = TimeSpan.Zero;
        while (worked < s_slice && queue.TryTake(out var query))
        {
            Score(query);
            worked = Stopwatch.GetElapsedTime(started);
        }

        return worked;
    }

    private TimeSpan RestAfter(TimeSpan worked) => worked * (1 / options.Value.CpuShare - 1);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary of one copy: reported, and the next one is scored.")]
    private void Score(in ShadowQuery query)
    {
        try
        {
            scorer.Score(query);
        }
        catch (Exception fault)
        {
            Failed(log, query.Service.Id, query.Primary.Id, fault);
        }
        finally
        {
            query.Release();
        }
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Error, Message = "A copy of a request to {Service}/{Endpoint} could not be scored by its shadows")]
    private static partial void Failed(ILogger logger, string service, string endpoint, Exception fault);
}
