using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Kinds.Caching;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Kinds;

/// <summary>Takes in the body of a call of a kind and answers it. Every such call holds a place in the node as long as it lasts, since it may wait.</summary>
internal sealed class KindIntake(KindEngine engine, PredictionAnswers answers, Admission admission, IOptions<ServingOptions> options)
{
    /// <summary>A longer body is not worked on by the thread that waits for the network.</summary>
    private const int LongestInline = 8 * 1024;

    private readonly int _maxBody = options.Value.MaxRequestBodyBytes;

    public Task Take(in UserCall call)
    {
        var announced = call.Context.Request.ContentLength;
        if (announced > _maxBody) return answers.TooLarge(call);
        return admission.Enter(announced) is { } full ? answers.Overloaded(call, full) : ReadAndRespondAsync(call);
    }

    private async Task ReadAndRespondAsync(UserCall call)
    {
        try
        {
            var reader = call.Context.Request.BodyReader;
            for (var waited = false; ; waited = true)
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
                    if (waited) call = call with { Caller = call.Caller with { Started = Stopwatch.GetTimestamp() } };
                    try
                    {
                        await RespondAsync(call, read.Buffer);
                    }
                    finally
                    {
                        // After a fault, too: else the server would find the body unread, and end the connection behind the answer.
                        reader.AdvanceTo(read.Buffer.End);
                    }

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

    private async Task RespondAsync(UserCall call, ReadOnlySequence<byte> body)
    {
        if (ContentCoding.Of(call.Context.Request, out var coding) is { } unknown)
        {
            await answers.Fail(call, default, unknown);
            return;
        }

        if (coding is null && body.IsSingleSegment)
        {
            await RespondAsync(call, body.First);
            return;
        }

        var length = (int)body.Length;
        byte[] bytes;
        if (coding is null) body.CopyTo(bytes = ArrayPool<byte>.Shared.Rent(length));
        else
        {
            if (OffTheTransport.IsHere) await Task.Yield();
            if (PackedBody.Unpack(body, coding, _maxBody, out bytes, out length) is { } broken)
            {
                await answers.Fail(call, default, broken);
                return;
            }
        }

        try
        {
            await RespondAsync(call, bytes.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private async Task RespondAsync(UserCall call, ReadOnlyMemory<byte> body)
    {
        if (body.Length > LongestInline && OffTheTransport.IsHere) await Task.Yield();
        if (call.Caller.Deadline != 0 && Stopwatch.GetTimestamp() > call.Caller.Deadline)
        {
            await answers.Fail(call, default, LimitFaults.DeadlineExceeded);
            return;
        }

        var output = Utf8Output.Rent();
        try
        {
            if (admission.IsBulk(body.Length)) await RespondInTurnAsync(call, body, output);
            else await FinishAsync(call, await engine.AnswerAsync(call, body, output), output);
        }
        finally
        {
            Utf8Output.Return(output);
        }
    }

    private async Task RespondInTurnAsync(UserCall call, ReadOnlyMemory<byte> body, Utf8Output output)
    {
        var work = new KindWork(engine, call, body, output);
        if (admission.TryEnqueue(work) is { } full) await answers.Overloaded(call, full);
        else if (await work.Ended is var end and not WorkEnd.Done) await answers.Fail(call, default, LimitFaults.Of(end));
        else await FinishAsync(call, await work.Answering, output);
    }

    private Task FinishAsync(UserCall call, in KindOutcome outcome, Utf8Output output)
    {
        if (outcome.Error is null && outcome.Cache.HeaderValue() is { } status) call.Context.Response.Headers[CacheUse.Header] = status;
        return answers.Finish(call with { Route = outcome.Route }, outcome.Report, outcome.Error, output);
    }
}
