using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.OpenInference.Grpc.Wire;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Rest;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference.Grpc;

/// <summary>
/// <c>ModelInfer</c> by our own codec, ahead of routing: the message is read where it arrived and the answer written where it leaves, with no object per tensor.
/// </summary>
internal sealed class GrpcInfer(
    NodeState state, AccessControl access, InferEngine engine, ServingMetrics metrics, IOptions<OpenInferenceOptions> options, IEnumerable<GrpcPresence> presence,
    ILogger<GrpcInfer> log)
{
    private const string Path = "/inference.GRPCInferenceService/ModelInfer";
    private const string RequestIdHeader = "X-Request-Id";

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
            await ReadAndAnswerAsync(context, GrpcDeadline.Parse(context.Request.Headers["grpc-timeout"]));
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

    private async Task ReadAndAnswerAsync(HttpContext context, TimeSpan? timeout)
    {
        var arrived = Stopwatch.GetTimestamp();
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > _maxMessage + GrpcFrame.HeadBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                GrpcFrame.WriteStatus(context.Response, TooLarge());
                return;
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            // The clock of a slow upload starts when its last byte is here; its deadline does not.
            var started = Stopwatch.GetTimestamp();
            if (GrpcDeadline.IsOver(timeout, arrived))
            {
                reader.AdvanceTo(read.Buffer.End);
                GrpcFrame.WriteStatus(context.Response, ApiError.Of(StatusCodes.Status504GatewayTimeout, "DeadlineExceeded", "The deadline had passed before the request was whole."));
                return;
            }

            var answering = AnswerTo(context, read, started);
            if (!answering.IsCompletedSuccessfully) await answering;
            return;
        }
    }

    private Task AnswerTo(HttpContext context, in ReadResult read, long started)
    {
        var reader = context.Request.BodyReader;
        try
        {
            if (read.Buffer.IsSingleSegment) return AnswerFrame(context, read.Buffer.FirstSpan, started);
            var whole = new ContiguousBody(read.Buffer);
            // The message is done with when this returns: at most a token is waited for, with a copy.
            var answering = AnswerFrame(context, whole.Span, started);
            whole.Dispose();
            return answering;
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    private Task AnswerFrame(HttpContext context, ReadOnlySpan<byte> frame, long started)
    {
        if (frame.Length < GrpcFrame.HeadBytes || BinaryPrimitives.ReadUInt32BigEndian(frame[1..]) != frame.Length - GrpcFrame.HeadBytes || frame[0] > 1)
            return Status(context, ApiError.BadRequest("The body is not one gRPC message.", errorType: "MalformedMessage"));
        var message = frame[GrpcFrame.HeadBytes..];
        if (frame[0] == 0) return AnswerMessage(context, message, new Call(started, Packing: null, Decision: null));
        string? packing = context.Request.Headers["grpc-encoding"];
        if (packing is null || !BodyCoding.IsKnown(packing))
        {
            context.Response.Headers["grpc-accept-encoding"] = "identity,gzip,deflate";
            return Status(context, ApiError.Of(StatusCodes.Status501NotImplemented, "UnsupportedEncoding", $"Messages packed with '{packing}' are not read. Use gzip or deflate."));
        }

        return AnswerPacked(context, message, packing, started);
    }

    private Task AnswerPacked(HttpContext context, ReadOnlySpan<byte> message, string packing, long started)
    {
        byte[]? unpacked = null;
        try
        {
            (unpacked, var length) = BodyCoding.Decode(message, packing, _maxMessage);
            return unpacked is null ? Status(context, TooLarge()) : AnswerMessage(context, unpacked.AsSpan(0, length), new Call(started, packing, Decision: null));
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
        while (true)
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
                string? requestId = context.Request.Headers.TryGetValue(RequestIdHeader, out var given) ? given[0] : null;
                var report = default(PredictionReport);
                output.Advance(GrpcFrame.Reserve(output));
                var error = malformed ?? engine.Answer<ProtoAnswer>(
                    route.Endpoint, route.Forced, message, new Caller(key, requestId, call.Started, s_protocol), work, output, ref report);
                if (ReferenceEquals(error, PredictionEngine.Moved)) continue;
                metrics.Record(report.Endpoint?.Meter ?? route.Endpoint.Meter, report.Outcome(error), report.Rows, call.Started);
                if (error is not null)
                {
                    InferCall.CountFailure(route, report, call.Started);
                    return Status(context, error);
                }

                GrpcFrame.WriteMessage(context.Response, output, call.Packing);
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

    /// <param name="Packing">How the request's message was packed; its answer is packed likewise.</param>
    /// <param name="Decision">Who asks, once that is known.</param>
    private readonly record struct Call(long Started, string? Packing, AccessDecision? Decision);
}
