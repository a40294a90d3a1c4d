using System.Diagnostics;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Tracing;

/// <summary>
/// One span per answered request, and one per stage below it, made when the request is over from the times it noted anyway: while nobody samples, a request pays for one test.
/// </summary>
internal static class PredictionTrace
{
    public const string SourceName = "Peregrine.Serving";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Whether anything collects spans.</summary>
    public static bool IsOn => s_source.HasListeners();

    /// <param name="phases">Complete.</param>
    public static void Tell(LoadedEndpoint endpoint, in Caller caller, in PhaseClock phases, int rows)
    {
        var ended = DateTime.UtcNow;
        var started = ended.AddTicks(-(phases.ParseNanoseconds + phases.ScoreNanoseconds + phases.RestNanoseconds) / TimeSpan.NanosecondsPerTick);
        var parent = ActivityContext.TryParse(caller.TraceParent, null, isRemote: true, out var given) ? given : default;
        using var span = s_source.StartActivity(ActivityKind.Server, parent, startTime: new DateTimeOffset(started), name: "POST /public/api/v1/{service}/{endpoint}");
        if (span is null) return;
        span.SetTag("peregrine.service", endpoint.Meter.Service).SetTag("peregrine.endpoint", endpoint.Id).SetTag("peregrine.generation", endpoint.Meter.Generation).SetTag("peregrine.rows", rows);
        var authorised = caller.Authorised < caller.Started ? started : started + Stopwatch.GetElapsedTime(caller.Started, caller.Authorised);
        var bound = started.AddTicks(phases.ParseNanoseconds / TimeSpan.NanosecondsPerTick);
        var scored = bound.AddTicks(phases.ScoreNanoseconds / TimeSpan.NanosecondsPerTick);
        if (authorised > bound) authorised = bound;
        Stage("authorise", started, authorised);
        Stage("bind", authorised, bound);
        Stage("score", bound, scored);
        Stage("write", scored, ended);
        span.SetEndTime(ended);
    }

    private static void Stage(string name, DateTime from, DateTime to)
    {
        using var span = s_source.StartActivity(ActivityKind.Internal, startTime: new DateTimeOffset(from), name: name);
        span?.SetEndTime(to);
    }
}
