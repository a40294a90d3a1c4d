using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.OpenInference.Grpc.Wire;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Rest;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.RateLimits;
using Peregrine.Serving.Shadows;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference.Grpc;

/// <summary>
/// <c>ModelInfer</c> by our own codec, ahead of routing: the message is read where it arrived and the answer written where it leaves, with no object per tensor.
/// </summary>
internal sealed class GrpcInfer(
    NodeState state, AccessControl access, InferEngine engine, ServingMetrics metrics, PredictionAnswers answers, Admission admission, RateLimiter rates, ShadowQueue shadows,
    IOptions<OpenInferenceOptions> options, IEnumerable<GrpcPresence> presence, ILogger<GrpcInfer> log)
{
    private const string Path = "/inference.GRPCInferenceService/ModelInfer";

    private static readonly byte[] s_protocol = "\"oip-grpc\""u8.ToArray();

    private readonly int _maxMessage = options.Value.GrpcMaxMessageBytes;
    private readonly bool _enabled = presence.Any();

    public bool Serves(string path) => _enabled && path.Length == Path.Length && string.Equals(path, Path, StringComparison.Ordinal);

    /// <summary>Answers one call; what goes wrong becomes a gRPC status.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (!await TryAcceptAsync(context)) return;
            if (admission.Enter(null) is { } full)
            {
                GrpcFrame.WriteStatus(context.Response, full);
                return;
            }

            await ReadAndAnswerAsync(context);
        }
        catch (Exception fault)
        {
            Fail(context, fault);
        }
    }

    private static async ValueTask<bool> TryAcceptAsync(HttpContext context)
    {
        var request = context.Request;
        ApiError? refusal = null;
        if (!HttpProtocol.IsHttp2(request.Protocol) && !HttpProtocol.IsHttp3(request.Protocol))
            refusal = ApiError.Of(StatusCodes.Status426UpgradeRequired, "UpgradeRequired", "gRPC needs HTTP/2.", "gRPC needs HTTP/2. Ask the node's gRPC port, or /v2 by REST.");
        else if (!HttpMethods.IsPost(request.Method)) refusal = ApiError.MethodNotAllowed("gRPC calls are POST requests.");
        else if (request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
            refusal = ApiError.UnsupportedMediaType($"Content-Type '{request.ContentType}' is not that of gRPC.", "Send application/grpc.");
        if (refusal is not null) await ErrorAnswer.WriteAsync(context, refusal);
        return refusal is null;
    }

    /// <summary>For a call that has a place in the node, which it gives back.</summary>
    private async Task ReadAndAnswerAsync(HttpContext context)
    {
        try
        {
            var arrived = Stopwatch.GetTimestamp();
            var deadline = GrpcDeadline.Of(context.Request.Headers["grpc-timeout"], arrived);
            var reader = context.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted);
                var isTooLarge = read.Buffer.Length > _maxMessage + GrpcFrame.HeadBytes;
                if (!read.IsCompleted && !isTooLarge)
                {
                    reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }

                try
                {
                    // The clock of a slow upload starts when its last byte is here; its deadline does not.
                    var call = new Call(Stopwatch.GetTimestamp(), arrived, deadline);
                    if (isTooLarge) GrpcFrame.WriteStatus(context.Response, TooLarge());
                    else if (deadline != 0 && call.Started >= deadline) GrpcFrame.WriteStatus(context.Response, LimitFaults.DeadlineExceeded);
                    else await AnswerToAsync(context, read.Buffer, call);
                }
                finally
                {
                    reader.AdvanceTo(read.Buffer.End);
                }

                return;
            }
        }
        finally
        {
            admission.Exit();
        }
    }

    private async Task AnswerToAsync(HttpContext context, ReadOnlySequence<byte> frame, Call call)
    {
        if (admission.IsBulk(frame.Length))
        {
            var work = new GrpcBulk(frame.Length, call.Deadline, () => AnswerPieces(context, frame, call), context.RequestAborted);
            if (admission.TryEnqueue(work) is { } full) await Status(context, full);
            else if (await work.Ended is var end && end != WorkEnd.Done) await Status(context, LimitFaults.Of(end));
            else await work.Answering;
            return;
        }

        var answering = AnswerPieces(context, frame, call);
        if (!answering.IsCompletedSuccessfully) await answering;
    }

    private Task AnswerPieces(HttpContext context, in ReadOnlySequence<byte> frame, in Call call)
    {
        if (frame.IsSingleSegment) return AnswerFrame(context, frame.FirstSpan, call);
        var whole = new ContiguousBody(frame);
        // The message is done with when this returns: at most a token is waited for, with a copy.
        var answering = AnswerFrame(context, whole.Span, call);
        whole.Dispose();
        return answering;
    }

    private Task AnswerFrame(HttpContext context, ReadOnlySpan<byte> frame, in Call call)
    {
        if (frame.Length < GrpcFrame.HeadBytes || BinaryPrimitives.ReadUInt32BigEndian(frame[1..]) != frame.Length - GrpcFrame.HeadBytes || frame[0] > 1)
            return Status(context, ApiError.BadRequest("The body is not one gRPC message.", errorType: "MalformedMessage"));
        var message = frame[GrpcFrame.HeadBytes..];
        if (frame[0] == 0) return AnswerMessage(context, message, call);
        string? packing = context.Request.Headers["grpc-encoding"];
        if (packing is null || !BodyCoding.IsKnown(packing))
        {
            context.Response.Headers["grpc-accept-encoding"] = "identity,gzip,deflate,br";
            return Status(context, ApiError.Of(StatusCodes.Status501NotImplemented, "UnsupportedEncoding", $"Messages packed with '{packing}' are not read. Use gzip, deflate or br."));
        }

        return AnswerPacked(context, message, call with { Packing = packing });
    }

    private Task AnswerPacked(HttpContext context, ReadOnlySpan<byte> message, in Call call)
    {
        var packing = call.Packing!;
        byte[]? unpacked = null;
        try
        {
            (unpacked, var length) = BodyCoding.Decode(message, packing, _maxMessage);
            return unpacked is null ? Status(context, TooLarge()) : AnswerMessage(context, unpacked.AsSpan(0, length), call);
        }
        catch (InvalidDataException)
        {
            return Status(context, ApiError.BadRequest($"The message is not {packing}, as grpc-encoding says.", errorType: "MalformedMessage"));
        }
        finally
        {
            if (unpacked is not null) ArrayPool<byte>.Shared.Return(unpacked);
        }
    }

    /// <summary>Reads, decides who asks, answers. Has done with the message when it returns.</summary>
    private Task AnswerMessage(HttpContext context, ReadOnlySpan<byte> message, in Call call)
    {
        var requestId = RequestId.Take(context);
        for (var isAdmitted = false;;)
        {
            var work = InferWorkspace.Rent();
            var output = Utf8Output.Rent();
            try
            {
                var reader = new InferProtoReader(message, work.Request);
                var malformed = reader.Read();
                var model = reader.Model.Of(message);
                var version = reader.Version.Of(message);
                var current = state.Current;
                if (current.FindModel(model, version) is not { } route)
                    return Status(context, model.IsEmpty && malformed is not null ? malformed : Unknown(current, model, version));
                var decision = call.Decision ?? access.Authorize(context, route.Endpoint.Service, route.Endpoint.EndpointId);
                if (decision.IsPending) return AnswerOnceDecidedAsync(context, message.ToArray(), route, call);
                if (decision.Caller is not { } key) return Refused(context, route, call, decision.Error!);
                var caller = new Caller(key, requestId, call.Started, s_protocol, context.Request.Headers.TraceParent) { Arrived = call.Arrived, Deadline = call.Deadline };
                var user = new UserCall(context, Path, route, caller);
                if (!isAdmitted && rates.Admit(context, route.Endpoint, key) is { } limited) return Limited(user, limited);
                isAdmitted = true;
                var report = default(PredictionReport);
                output.Advance(GrpcFrame.Reserve(output));
                var error = malformed ?? engine.Answer<ProtoAnswer>(route.Endpoint, route.Forced, message, caller, work, output, ref report);
                if (ReferenceEquals(error, PredictionEngine.Moved)) continue;
                rates.Settle(context, route.Endpoint, key, report.Rows);
                answers.Record(user, report, error);
                if (error is not null)
                {
                    InferCall.CountFailure(route, report, call.Started);
                    return Status(context, error);
                }

                GrpcFrame.WriteMessage(context.Response, output, call.Packing);
                if (report.Copy is { } copy) shadows.Offer(copy);
                return Task.CompletedTask;
            }
            finally
            {
                Utf8Output.Return(output);
                InferWorkspace.Return(work);
            }
        }
    }

    private async Task AnswerOnceDecidedAsync(HttpContext context, byte[] message, UserRoute route, Call call)
    {
        var decision = await access.AuthorizeAsync(context, route.Endpoint.Service, route.Endpoint.EndpointId);
        await AnswerMessage(context, message, call with { Decision = decision });
    }

    private Task Refused(HttpContext context, UserRoute route, in Call call, ApiError error)
    {
        metrics.Record(route.Endpoint.Meter, PredictionOutcome.Unauthorized, 0, call.Started);
        return Status(context, error);
    }

    private static Task Limited(in UserCall call, ApiError error)
    {
        call.Route.Endpoint.Meter.Count(PredictionOutcome.Limited, 0);
        return Status(call.Context, error);
    }

    private ApiError Unknown(NodeSnapshot node, ReadOnlySpan<byte> model, ReadOnlySpan<byte> version)
    {
        metrics.Reject("model_not_found");
        return ModelFaults.Unknown(node, Encoding.UTF8.GetString(model), Encoding.UTF8.GetString(version));
    }

    private ApiError TooLarge() => ApiError.PayloadTooLarge(
        $"The message is larger than the {_maxMessage} bytes that are taken.",
        $"The message is larger than the {_maxMessage} bytes that are taken. Send fewer records at a time, or raise the node's GrpcMaxMessageBytes.");

    private static Task Status(HttpContext context, ApiError error)
    {
        GrpcFrame.WriteStatus(context.Response, error);
        return Task.CompletedTask;
    }

    private void Fail(HttpContext context, Exception fault)
    {
        if (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted) return;
        if (fault is BadHttpRequestException refused)
        {
            GrpcFrame.WriteStatus(context.Response, ApiError.Of(refused.StatusCode, "BadRequest", refused.Message));
            return;
        }

        var faultId = Guid.NewGuid().ToString("N")[..12];
        ServingLog.Fault(log, faultId, context.Request.Method, context.Request.Path, fault);
        GrpcFrame.WriteStatus(context.Response, ApiError.Internal(faultId));
    }

    /// <param name="Started">Timestamp of <see cref="Stopwatch"/> when the message was whole.</param>
    /// <param name="Arrived">The same when its headers had come.</param>
    /// <param name="Deadline">The same after which the caller waits no more; 0: none.</param>
    private readonly record struct Call(long Started, long Arrived, long Deadline)
    {
        /// <summary>How the request's message was packed; its answer is packed likewise.</summary>
        public string? Packing { get; init; }

        /// <summary>Who asks, once that is known.</summary>
        public AccessDecision? Decision { get; init; }
    }
}
