using System.Diagnostics;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

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

    /// <summary>Tells of a call that is answered but for the bytes on the wire.</summary>
    /// <param name="error">What it was answered with; null: a result.</param>
    /// <returns>The span as <c>traceparent</c> has it; null: nobody samples this call.</returns>
    public static string? Tell(in UserCall call, in PredictionReport report, ApiError? error)
    {
        var caller = call.Caller;
        var ended = DateTime.UtcNow;
        var started = ended - Stopwatch.GetElapsedTime(caller.Arrived);
        var parent = ActivityContext.TryParse(caller.TraceParent, null, isRemote: true, out var given) ? given : default;
        using var span = s_source.StartActivity(ActivityKind.Server, parent, startTime: new DateTimeOffset(started), name: NameOf(call.Route));
        if (span is null) return null;
        span.SetTag("peregrine.service", call.Route.Endpoint.Service.Id).SetTag("peregrine.endpoint", call.Route.Endpoint.EndpointId).SetTag("peregrine.rows", report.Rows);
        if (report.Endpoint is { } endpoint) span.SetTag("peregrine.generation", endpoint.Meter.Generation);
        if (error is not null) span.SetTag("error.type", error.ErrorType).SetStatus(ActivityStatusCode.Error, error.Message);
        Stages(caller, report.Phases, started, ended);
        span.SetEndTime(ended);
        return span.Id;
    }

    private static void Stages(in Caller caller, in PhaseClock phases, DateTime started, DateTime ended)
    {
        var authorised = caller.Authorised == 0 ? started : started + Stopwatch.GetElapsedTime(caller.Arrived, caller.Authorised);
        Stage("authorise", started, authorised);
        var whole = started + Stopwatch.GetElapsedTime(caller.Arrived, caller.Started);
        if (whole > authorised) Stage("read", authorised, whole);
        if (phases.TotalMicroseconds == 0 && phases.ParseNanoseconds == 0) return;
        var bound = whole.AddTicks(phases.ParseNanoseconds / TimeSpan.NanosecondsPerTick);
        var scored = bound.AddTicks(phases.ScoreNanoseconds / TimeSpan.NanosecondsPerTick);
        if (whole < authorised) whole = authorised < bound ? authorised : bound;
        Stage("bind", whole, bound);
        Stage("score", bound, scored);
        Stage("write", scored, ended);
    }

    private static void Stage(string name, DateTime from, DateTime to)
    {
        using var span = s_source.StartActivity(ActivityKind.Internal, startTime: new DateTimeOffset(from), name: name);
        span?.SetEndTime(to);
    }

    private static string NameOf(UserRoute route) => route.Call switch
    {
        PredictionCall.OfKind => $"POST /public/api/v1/{{service}}/{{endpoint}}/{route.OfKind!.Name}",
        PredictionCall.Predict => "POST /public/api/v1/{service}/{endpoint}/predict",
        PredictionCall.PredictMulti => "POST /public/api/v1/{service}/{endpoint}/predict-multi",
        PredictionCall.PredictSimple => "GET /public/api/v1/{service}/{endpoint}/predict-simple",
        _ => "POST /v2/models/{model}/infer",
    };
}
