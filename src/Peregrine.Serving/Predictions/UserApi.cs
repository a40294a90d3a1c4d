using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access;
using Peregrine.Serving.Bulk;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.OpenInference.Grpc;
using Peregrine.Serving.Shadows;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Tracing;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Predictions;

/// <summary>
/// The user API, ahead of routing and authentication: looks the path up, checks the key, and answers a prediction without leaving
/// the thread when the body has arrived with its headers.
/// </summary>
internal sealed class UserApi(
    NodeState state, PredictionScorer scorer, GrpcInfer grpc, UnusualPaths unusual, ServingMetrics metrics, AccessControl access, BulkApi bulk,
    Admission admission, RequestDeadline deadlines, ShadowQueue shadows, IOptions<ServingOptions> options, ILogger<UserApi> log)
{
    private const string RequestIdHeader = "X-Request-Id";

    /// <summary>A longer body is not worked on by the thread that waits for the network.</summary>
    private const int LongestInline = 8 * 1024;

    private readonly int _maxBody = options.Value.MaxRequestBodyBytes;

    /// <summary>Whether a path, spelled as documented, leads to an endpoint's call.</summary>
    public bool Serves(string path) => state.Current.Find(path) is not null || grpc.Serves(path);

    /// <summary>Answers when the path is one of the user API.</summary>
    /// <param name="answering">Ends when the answer is written.</param>
    public bool TryAnswer(HttpContext context, [NotNullWhen(true)] out Task? answering)
    {
        var path = context.Request.Path.Value ?? "";
        if (state.Current.Find(path) is { } route) answering = Guarded(context, path, route);
        else if (grpc.Serves(path)) answering = grpc.AnswerAsync(context);
        else answering = UnusualPaths.TryNormalise(path, out var normal) ? UnusualAsync(context, normal) : null;
        return answering is not null;
    }

    private Task UnusualAsync(HttpContext context, string path) =>
        state.Current.Find(path) is { } route ? Guarded(context, path, route) : GuardedAsync(context, unusual.AnswerAsync(context, path));

    /// <summary>The boundary of a prediction: whatever goes wrong is answered as an error document.</summary>
    private Task Guarded(HttpContext context, string path, UserRoute route)
    {
        try
        {
            var answering = Answer(context, path, route);
            return answering.IsCompletedSuccessfully ? Task.CompletedTask : GuardedAsync(context, answering);
        }
        catch (Exception fault)
        {
            return AnswerFaultAsync(context, fault);
        }
    }

    private async Task GuardedAsync(HttpContext context, Task answering)
    {
        try
        {
            await answering;
        }
        catch (Exception fault)
        {
            await AnswerFaultAsync(context, fault);
        }
    }

    private Task Answer(HttpContext context, string path, UserRoute route)
    {
        var started = Stopwatch.GetTimestamp();
        var request = context.Request;
        var isSimple = route.Call == PredictionCall.PredictSimple;
        if (!(isSimple ? HttpMethods.IsGet(request.Method) : HttpMethods.IsPost(request.Method))) return WrongMethod(context, isSimple);
        var decision = access.Authorize(context, route.Endpoint.Service, route.Endpoint.EndpointId);
        return decision.IsPending ? AnswerOnceDecidedAsync(context, path, route, started) : AnswerTo(decision, context, path, route, started);
    }

    private async Task AnswerOnceDecidedAsync(HttpContext context, string path, UserRoute route, long started) =>
        await AnswerTo(await access.AuthorizeAsync(context, route.Endpoint.Service, route.Endpoint.EndpointId), context, path, route, started);

    private Task AnswerTo(in AccessDecision decision, HttpContext context, string path, UserRoute route, long started)
    {
        if (decision.Caller is not { } key) return Refused(context, route, started, decision.Error!);
        var request = context.Request;
        if (admission.UrlRefusal(request, path) is { } tooLong) return Fail(context, route, default, tooLong, started);
        string? requestId = request.Headers.TryGetValue(RequestIdHeader, out var given) ? given[0] : null;
        if (deadlines.Read(request, route.Call, started, out var deadline) is { } wrong) return Fail(context, route, default, wrong, started);
        var authorised = PredictionTrace.IsOn ? Stopwatch.GetTimestamp() : 0;
        var caller = new Caller(key, requestId, started, TraceParent: request.Headers.TraceParent, Authorised: authorised) { Deadline = deadline };
        if (route.Call == PredictionCall.PredictSimple) return Respond(context, path, route, default, caller);
        if (route.Call == PredictionCall.PredictMulti && !BulkCall.IsPlain(request)) return StreamAsync(context, path, route, caller);
        if (request.ContentLength > _maxBody) return TooLarge(context, route, started);
        if (!admission.IsBulk(request.ContentLength) && request.BodyReader.TryRead(out var read))
        {
            if (read.IsCompleted && (read.Buffer.Length <= LongestInline || !OffTheTransport.IsHere) && !admission.IsBulk(read.Buffer.Length))
                return RespondTo(context, path, route, read, caller);
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        return admission.Enter(request.ContentLength) is { } full ? Overloaded(context, route, full) : ReadAndRespondAsync(context, path, route, caller);
    }

    /// <summary>A stream holds one place as long as it lasts.</summary>
    private async Task StreamAsync(HttpContext context, string path, UserRoute route, Caller caller)
    {
        if (admission.Enter(null) is { } full)
        {
            await Overloaded(context, route, full);
            return;
        }

        try
        {
            await bulk.AnswerAsync(context, path, route, caller);
        }
        finally
        {
            admission.Exit();
        }
    }

    /// <summary>For a request that waits, for its body or for a scoring thread, and has a place for that.</summary>
    private async Task ReadAndRespondAsync(HttpContext context, string path, UserRoute route, Caller caller)
    {
        try
        {
            var reader = context.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted);
                if (read.Buffer.Length > _maxBody)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    await TooLarge(context, route, caller.Started);
                    return;
                }

                if (read.IsCompleted)
                {
                    // The clock of a slow upload starts when its last byte is here; its deadline does not.
                    await RespondToWholeAsync(context, path, route, read, caller with { Started = Stopwatch.GetTimestamp() });
                    return;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        finally
        {
            admission.Exit();
        }
    }

    private async Task RespondToWholeAsync(HttpContext context, string path, UserRoute route, ReadResult read, Caller caller)
    {
        if (admission.IsBulk(read.Buffer.Length))
        {
            await RespondInTurnAsync(context, path, route, read, caller);
            return;
        }

        if (read.Buffer.Length > LongestInline && OffTheTransport.IsHere) await Task.Yield();
        await RespondTo(context, path, route, read, caller);
    }

    /// <summary>Has a bulk request scored on a scoring thread.</summary>
    private async Task RespondInTurnAsync(HttpContext context, string path, UserRoute route, ReadResult read, Caller caller)
    {
        var output = Utf8Output.Rent();
        try
        {
            var work = new BulkPrediction(scorer, context, path, route, read.Buffer, caller, output);
            if (admission.TryEnqueue(work) is { } full)
            {
                await Overloaded(context, route, full);
                return;
            }

            var end = await work.Ended;
            var error = end == WorkEnd.Done ? work.Error : LimitFaults.Of(end);
            await Finish(context, path, work.Route, work.Report, error, output, caller);
            if (error is null && work.Route.Endpoint.Service.Shadows.Length > 0) OfferWhole(context, read, work, output, caller);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            Utf8Output.Return(output);
        }
    }

    private Task RespondTo(HttpContext context, string path, UserRoute route, in ReadResult read, in Caller caller)
    {
        var reader = context.Request.BodyReader;
        try
        {
            if (read.Buffer.Length > _maxBody) return TooLarge(context, route, caller.Started);
            if (read.Buffer.IsSingleSegment) return Respond(context, path, route, read.Buffer.FirstSpan, caller);
            return RespondToPieces(context, path, route, read, caller);
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    private Task RespondToPieces(HttpContext context, string path, UserRoute route, in ReadResult read, in Caller caller)
    {
        var whole = new ContiguousBody(read.Buffer);
        // The body is done with when this returns: only an error document may still be on its way out.
        var answering = Respond(context, path, route, whole.Span, caller);
        whole.Dispose();
        return answering;
    }

    private Task Respond(HttpContext context, string path, UserRoute route, ReadOnlySpan<byte> body, in Caller caller)
    {
        if (caller.Deadline != 0 && Stopwatch.GetTimestamp() > caller.Deadline) return Fail(context, route, default, LimitFaults.DeadlineExceeded, caller.Started);
        var output = Utf8Output.Rent();
        try
        {
            var report = default(PredictionReport);
            var error = scorer.Score(context, path, ref route, body, caller, output, ref report);
            var finishing = Finish(context, path, route, report, error, output, caller);
            if (error is null && route.Endpoint.Service.Shadows.Length > 0) OfferToShadows(context, route, body, output.Written, caller, report);
            return finishing;
        }
        finally
        {
            Utf8Output.Return(output);
        }
    }

    /// <summary>Puts on the wire what scoring came to, and counts it.</summary>
    private Task Finish(HttpContext context, string path, UserRoute route, in PredictionReport report, ApiError? error, Utf8Output output, in Caller caller)
    {
        if (ReferenceEquals(error, PredictionEngine.Moved)) return unusual.AnswerAsync(context, path);
        if (error is not null) return Fail(context, route, report, error, caller.Started);
        WriteAnswer(context.Response, output.Written);
        Record(route, report, null, caller.Started);
        return Task.CompletedTask;
    }

    private Task Fail(HttpContext context, UserRoute route, in PredictionReport report, ApiError error, long started)
    {
        admission.Note(error);
        Record(route, report, error, started);
        return ErrorAnswer.WriteAsync(context, error);
    }

    /// <summary>Answers at once; such an answer says nothing about how long a prediction takes.</summary>
    private static Task Overloaded(HttpContext context, UserRoute route, ApiError error)
    {
        route.Endpoint.Meter.Count(PredictionOutcome.Unavailable, 0);
        return RefusalAnswer.WriteAsync(context, error);
    }

    private void OfferWhole(HttpContext context, in ReadResult read, BulkPrediction work, Utf8Output output, in Caller caller)
    {
        using var whole = new ContiguousBody(read.Buffer);
        OfferToShadows(context, work.Route, whole.Span, output.Written, caller, work.Report);
    }

    /// <summary>Open Inference calls are not copied: their tensors are no record of the query log.</summary>
    private void OfferToShadows(HttpContext context, UserRoute route, ReadOnlySpan<byte> body, ReadOnlySpan<byte> answer, in Caller caller, in PredictionReport report)
    {
        if (route.Call == PredictionCall.PredictSimple) body = SimplePrediction.BodyOf(context.Request.QueryString.Value);
        else if (route.Call is not (PredictionCall.Predict or PredictionCall.PredictMulti)) return;
        if (report.Endpoint is { } primary) shadows.Offer(route.Endpoint.Service, primary, route.Call == PredictionCall.PredictMulti, body, answer, caller);
    }

    private static void WriteAnswer(HttpResponse response, ReadOnlySpan<byte> answer)
    {
        response.ContentType ??= "application/json";
        response.ContentLength = answer.Length;
        var writer = response.BodyWriter;
        answer.CopyTo(writer.GetSpan(answer.Length));
        writer.Advance(answer.Length);
    }

    private void Record(UserRoute route, in PredictionReport report, ApiError? error, long started)
    {
        metrics.Record(report.Endpoint?.Meter ?? route.Endpoint.Meter, OutcomeOf(report, error), report.Rows, started);
    }

    /// <summary>What an answered request counts as, in whatever protocol.</summary>
    public static PredictionOutcome OutcomeOf(in PredictionReport report, ApiError? error) => error switch
    {
        null => report.Ignored > 0 ? PredictionOutcome.Ignored : PredictionOutcome.Ok,
        { Status: StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout or StatusCodes.Status404NotFound } => PredictionOutcome.Unavailable,
        _ => PredictionOutcome.Invalid,
    };

    private Task TooLarge(HttpContext context, UserRoute route, long started)
    {
        metrics.Record(route.Endpoint.Meter, PredictionOutcome.Invalid, 0, started);
        return ErrorAnswer.WriteAsync(context, PredictionFaults.TooLarge(_maxBody));
    }

    private Task Refused(HttpContext context, UserRoute route, long started, ApiError error)
    {
        metrics.Record(route.Endpoint.Meter, PredictionOutcome.Unauthorized, 0, started);
        return ErrorAnswer.WriteAsync(context, error);
    }

    private static Task WrongMethod(HttpContext context, bool isSimple)
    {
        var allowed = isSimple ? HttpMethods.Get : HttpMethods.Post;
        context.Response.Headers.Allow = allowed;
        return ErrorAnswer.WriteAsync(context, ApiError.MethodNotAllowed(
            $"{context.Request.Path} does not take {context.Request.Method}.", $"{context.Request.Path} does not take {context.Request.Method}; it takes {allowed}."));
    }

    private Task AnswerFaultAsync(HttpContext context, Exception fault)
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
        if (state.Current.Find(context.Request.Path.Value ?? "") is { } route) metrics.MeterFor(route.Endpoint.Service.Id, route.Endpoint.EndpointId, "").Count(PredictionOutcome.Failed, 0);
        return ErrorAnswer.WriteAsync(context, ApiError.Internal(faultId));
    }
}
