using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.RateLimits;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Tracing;

namespace Peregrine.Serving.Predictions;

/// <summary>Puts on the wire what a call of the user API came to, and counts it.</summary>
internal sealed class PredictionAnswers(
    NodeState state, UnusualPaths unusual, ServingMetrics metrics, Admission admission, RateLimiter rates, IOptions<ServingOptions> options, ILogger<UserApi> log)
{
    private readonly int _maxBody = options.Value.MaxRequestBodyBytes;
    private readonly int _compressFrom = options.Value.CompressFromBytes;

    /// <param name="error">What scoring said; null: the answer is in <paramref name="output"/>.</param>
    public Task Finish(in UserCall call, in PredictionReport report, ApiError? error, Utf8Output output)
    {
        if (ReferenceEquals(error, PredictionEngine.Moved)) return unusual.AnswerAsync(call.Context, call.Path, state.Current);
        if (error is not null) return Fail(call, report, error);
        rates.Settle(call.Context, call.Route.Endpoint, call.Caller.Key, report.Rows);
        AnswerHeaders.TellTiming(call.Context, call.Caller, report.Phases);
        Record(call, report, error);
        Write(call.Context, output.Written);
        return Task.CompletedTask;
    }

    public Task Fail(in UserCall call, in PredictionReport report, ApiError error)
    {
        admission.Note(error);
        rates.Settle(call.Context, call.Route.Endpoint, call.Caller.Key, rows: 0);
        Record(call, report, error);
        return ErrorAnswer.WriteAsync(call.Context, error);
    }

    /// <summary>For a call that a rate limit refused: its headers are set.</summary>
    public Task Limited(in UserCall call, ApiError error)
    {
        call.Route.Endpoint.Meter.Count(PredictionOutcome.Limited, 0);
        return ErrorAnswer.WriteAsync(call.Context, error);
    }

    /// <summary>Answers at once; such an answer says nothing about how long a prediction takes.</summary>
    public Task Overloaded(in UserCall call, ApiError error)
    {
        rates.Forget(call.Context, call.Route.Endpoint, call.Caller.Key);
        call.Route.Endpoint.Meter.Count(PredictionOutcome.Unavailable, 0);
        return RefusalAnswer.WriteAsync(call.Context, error);
    }

    public Task TooLarge(in UserCall call) => Fail(call, default, PredictionFaults.TooLarge(_maxBody));

    public Task Unauthorized(HttpContext context, UserRoute route, ApiError error, long started)
    {
        metrics.Record(route.Endpoint.Meter, PredictionOutcome.Unauthorized, 0, started);
        return ErrorAnswer.WriteAsync(context, error);
    }

    public static Task WrongMethod(HttpContext context, bool isSimple)
    {
        var allowed = isSimple ? HttpMethods.Get : HttpMethods.Post;
        context.Response.Headers.Allow = allowed;
        return ErrorAnswer.WriteAsync(context, ApiError.MethodNotAllowed(
            $"{context.Request.Path} does not take {context.Request.Method}.", $"{context.Request.Path} does not take {context.Request.Method}; it takes {allowed}."));
    }

    /// <summary>For what nobody expected. A fault of ours is told by a number that is also in the log.</summary>
    public Task Fault(HttpContext context, Exception fault)
    {
        if (context.RequestAborted.IsCancellationRequested) return Task.CompletedTask;
        // A stream that has begun cannot become an error document: the server cuts it off and logs why.
        if (fault is not BadHttpRequestException && state.Current.Find(context.Request.Path.Value ?? "") is { } route) route.Endpoint.Meter.Count(PredictionOutcome.Failed, 0);
        if (context.Response.HasStarted) return Task.FromException(fault);
        if (fault is BadHttpRequestException refused)
        {
            var error = refused.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? PredictionFaults.TooLarge(_maxBody)
                : ApiError.Of(refused.StatusCode, "BadRequest", refused.Message);
            return ErrorAnswer.WriteAsync(context, error);
        }

        var faultId = Guid.NewGuid().ToString("N")[..12];
        ServingLog.Fault(log, faultId, context.Request.Method, context.Request.Path, fault);
        return ErrorAnswer.WriteAsync(context, ApiError.Internal(faultId));
    }

    private void Write(HttpContext context, ReadOnlySpan<byte> answer)
    {
        var response = context.Response;
        if (answer.Length >= _compressFrom && BodyCoding.Choose(context.Request.Headers.AcceptEncoding) is { } coding)
        {
            answer = BodyCoding.Encode(answer, coding);
            response.Headers.ContentEncoding = coding;
            response.Headers.Vary = "Accept-Encoding";
        }

        response.ContentType ??= "application/json";
        response.ContentLength = answer.Length;
        var writer = response.BodyWriter;
        answer.CopyTo(writer.GetSpan(answer.Length));
        writer.Advance(answer.Length);
    }

    /// <summary>Counts the call and ends its trace, whose id goes into the headers of the answer.</summary>
    public void Record(in UserCall call, in PredictionReport report, ApiError? error)
    {
        metrics.Record(report.Endpoint?.Meter ?? call.Route.Endpoint.Meter, report.Outcome(error), report.Rows, call.Caller.Started);
        if (call.Caller.TraceParent is null && !PredictionTrace.IsOn) return;
        AnswerHeaders.TellTrace(call.Context, call.Caller, PredictionTrace.IsOn ? PredictionTrace.Tell(call, report, error) : null);
    }
}
