using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>Puts on the wire what a call of the user API came to, and counts it.</summary>
internal sealed class PredictionAnswers(
    NodeState state, UnusualPaths unusual, ServingMetrics metrics, Admission admission, IOptions<ServingOptions> options, ILogger<UserApi> log)
{
    private readonly int _maxBody = options.Value.MaxRequestBodyBytes;

    /// <param name="error">What scoring said; null: the answer is in <paramref name="output"/>.</param>
    public Task Finish(in UserCall call, in PredictionReport report, ApiError? error, Utf8Output output)
    {
        if (ReferenceEquals(error, PredictionEngine.Moved)) return unusual.AnswerAsync(call.Context, call.Path);
        if (error is not null) return Fail(call, report, error);
        Write(call.Context.Response, output.Written);
        Record(call, report, error);
        return Task.CompletedTask;
    }

    public Task Fail(in UserCall call, in PredictionReport report, ApiError error)
    {
        admission.Note(error);
        Record(call, report, error);
        return ErrorAnswer.WriteAsync(call.Context, error);
    }

    /// <summary>Answers at once; such an answer says nothing about how long a prediction takes.</summary>
    public static Task Overloaded(in UserCall call, ApiError error)
    {
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
        // A stream that has begun cannot become an error document: the server cuts it off.
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
        if (state.Current.Find(context.Request.Path.Value ?? "") is { } route) route.Endpoint.Meter.Count(PredictionOutcome.Failed, 0);
        return ErrorAnswer.WriteAsync(context, ApiError.Internal(faultId));
    }

    private static void Write(HttpResponse response, ReadOnlySpan<byte> answer)
    {
        response.ContentType ??= "application/json";
        response.ContentLength = answer.Length;
        var writer = response.BodyWriter;
        answer.CopyTo(writer.GetSpan(answer.Length));
        writer.Advance(answer.Length);
    }

    private void Record(in UserCall call, in PredictionReport report, ApiError? error) =>
        metrics.Record(report.Endpoint?.Meter ?? call.Route.Endpoint.Meter, report.Outcome(error), report.Rows, call.Caller.Started);
}
