using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Shadows;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Predictions;

/// <summary>
/// Takes in the body of a call and has it scored: on the thread that read it when it is small and came with its headers, else once it is whole, and when it
/// is large in its turn on a scoring thread.
/// </summary>
internal sealed class PredictionIntake(
    PredictionScorer scorer, PredictionAnswers answers, Admission admission, ShadowQueue shadows, IOptions<ServingOptions> options)
{
    /// <summary>A longer body is not worked on by the thread that waits for the network.</summary>
    private const int LongestInline = 8 * 1024;

    private readonly int _maxBody = options.Value.MaxRequestBodyBytes;

    public Task Take(in UserCall call)
    {
        if (call.Route.Call == PredictionCall.PredictSimple) return Respond(call, default);
        var request = call.Context.Request;
        if (request.ContentLength > _maxBody) return answers.TooLarge(call);
        if (request.Headers.ContentEncoding.Count == 0 && !admission.IsBulk(request.ContentLength) && request.BodyReader.TryRead(out var read))
        {
            if (read.IsCompleted && (read.Buffer.Length <= LongestInline || !OffTheTransport.IsHere) && !admission.IsBulk(read.Buffer.Length)) return RespondToInline(call, read);
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        return admission.Enter(request.ContentLength) is { } full ? answers.Overloaded(call, full) : ReadAndRespondAsync(call);
    }

    /// <summary>For a request that waits, for its body or for a scoring thread, and has a place for that.</summary>
    private async Task ReadAndRespondAsync(UserCall call)
    {
        try
        {
            var reader = call.Context.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(call.Context.RequestAborted);
                if (read.Buffer.Length > _maxBody)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    await answers.TooLarge(call);
                    return;
                }

                if (read.IsCompleted)
                {
                    // The clock of a slow upload starts when its last byte is here; its deadline does not.
                    await RespondToWholeAsync(call with { Caller = call.Caller with { Started = Stopwatch.GetTimestamp() } }, read);
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

    private async Task RespondToWholeAsync(UserCall call, ReadResult read)
    {
        try
        {
            if (ContentCoding.Of(call.Context.Request, out var coding) is { } unknown) await answers.Fail(call, default, unknown);
            else if (coding is null) await RespondToBodyAsync(call, read.Buffer);
            else await RespondToPackedAsync(call, read.Buffer, coding);
        }
        finally
        {
            call.Context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        }
    }

    private async Task RespondToPackedAsync(UserCall call, ReadOnlySequence<byte> packed, string coding)
    {
        if (OffTheTransport.IsHere) await Task.Yield();
        if (PackedBody.Unpack(packed, coding, _maxBody, out var bytes, out var length) is { } broken)
        {
            await answers.Fail(call, default, broken);
            return;
        }

        try
        {
            await RespondToBodyAsync(call, new ReadOnlySequence<byte>(bytes, 0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private async Task RespondToBodyAsync(UserCall call, ReadOnlySequence<byte> body)
    {
        if (admission.IsBulk(body.Length))
        {
            await RespondInTurnAsync(call, body);
            return;
        }

        if (body.Length > LongestInline && OffTheTransport.IsHere) await Task.Yield();
        await RespondTo(call, body);
    }

    /// <summary>Has a bulk request scored on a scoring thread.</summary>
    private async Task RespondInTurnAsync(UserCall call, ReadOnlySequence<byte> body)
    {
        var output = Utf8Output.Rent();
        try
        {
            var work = new BulkPrediction(scorer, call, body, output);
            if (admission.TryEnqueue(work) is { } full)
            {
                await answers.Overloaded(call, full);
                return;
            }

            var end = await work.Ended;
            var error = end == WorkEnd.Done ? work.Error : LimitFaults.Of(end);
            var answered = call with { Route = work.Route };
            await answers.Finish(answered, work.Report, error, output);
            if (error is null && work.Route.Endpoint.Service.Shadows.Length > 0) OfferWhole(answered, body, output, work.Report);
        }
        finally
        {
            Utf8Output.Return(output);
        }
    }

    private Task RespondToInline(in UserCall call, in ReadResult read)
    {
        try
        {
            return read.Buffer.Length > _maxBody ? answers.TooLarge(call) : RespondTo(call, read.Buffer);
        }
        finally
        {
            call.Context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        }
    }

    private Task RespondTo(in UserCall call, in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment) return Respond(call, body.FirstSpan);
        var whole = new ContiguousBody(body);
        // The body is done with when this returns: only an error document may still be on its way out.
        var answering = Respond(call, whole.Span);
        whole.Dispose();
        return answering;
    }

    private Task Respond(in UserCall call, ReadOnlySpan<byte> body)
    {
        if (call.Caller.Deadline != 0 && Stopwatch.GetTimestamp() > call.Caller.Deadline) return answers.Fail(call, default, LimitFaults.DeadlineExceeded);
        var output = Utf8Output.Rent();
        try
        {
            var report = default(PredictionReport);
            var route = call.Route;
            var error = scorer.Score(call.Context, call.Path, ref route, body, call.Caller, output, ref report);
            var answered = ReferenceEquals(route, call.Route) ? call : call with { Route = route };
            var finishing = answers.Finish(answered, report, error, output);
            if (error is null && route.Endpoint.Service.Shadows.Length > 0) OfferToShadows(answered, body, output, report);
            return finishing;
        }
        finally
        {
            Utf8Output.Return(output);
        }
    }

    private void OfferWhole(in UserCall call, in ReadOnlySequence<byte> body, Utf8Output output, in PredictionReport report)
    {
        if (report.Copy is { } copy)
        {
            shadows.Offer(copy);
            return;
        }

        using var whole = new ContiguousBody(body);
        OfferToShadows(call, whole.Span, output, report);
    }

    private void OfferToShadows(in UserCall call, ReadOnlySpan<byte> body, Utf8Output output, in PredictionReport report)
    {
        if (report.Copy is { } copy) shadows.Offer(copy);
        if (report.Endpoint is not LoadedEndpoint primary || call.Route.Call == PredictionCall.Infer) return;
        var isSimple = call.Route.Call == PredictionCall.PredictSimple;
        if (isSimple) body = SimplePrediction.BodyOf(call.Context.Request.QueryString.Value);
        var caller = isSimple ? call.Caller with { SendsText = true } : call.Caller;
        shadows.Offer(call.Route.Endpoint.Service, primary, call.Route.Call == PredictionCall.PredictMulti, report.Rows, body, output.Written, caller);
    }
}
