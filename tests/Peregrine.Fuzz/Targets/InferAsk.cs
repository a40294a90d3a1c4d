using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.OpenInference;
using Peregrine.Serving.OpenInference.Grpc.Wire;
using Peregrine.Serving.OpenInference.Rest;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Fuzz.Targets;

/// <summary>What an inference request came to.</summary>
/// <param name="Answer">Empty where it was refused.</param>
/// <param name="AnswerHeaderLength">Bytes of JSON before binary tensors; 0: no such tensors.</param>
internal sealed record InferOutcome(ApiError? Error, byte[] Answer, int AnswerHeaderLength);

/// <summary>Asks the engine by each protocol, without a connection.</summary>
internal sealed class InferAsk(FuzzNode node)
{
    private readonly InferEngine _engine = node.Infer;
    private readonly InferCall _call = new(node.Infer);
    private readonly UserRoute _route = node.InferRoute;

    public InferOutcome Rest(ReadOnlySpan<byte> body, string? header)
    {
        var context = new DefaultHttpContext();
        if (header is not null) context.Request.Headers[InferCall.HeaderLength] = header;
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        var error = _call.Infer(context, _route, body, Caller(), output, ref report);
        var length = (string?)context.Response.Headers[InferCall.HeaderLength];
        var outcome = new InferOutcome(error, error is null ? output.Written.ToArray() : [], length is null ? 0 : int.Parse(length, System.Globalization.CultureInfo.InvariantCulture));
        Utf8Output.Return(output);
        return outcome;
    }

    /// <param name="message">A <c>ModelInferRequest</c>.</param>
    public InferOutcome Grpc(ReadOnlySpan<byte> message)
    {
        var work = InferWorkspace.Rent();
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        var error = new InferProtoReader(message, work.Request).Read() ?? _engine.Answer<ProtoAnswer>(_route.Endpoint, _route.Forced, message, Caller(), work, output, ref report);
        var outcome = new InferOutcome(error, error is null ? output.Written.ToArray() : [], 0);
        Utf8Output.Return(output);
        InferWorkspace.Return(work);
        return outcome;
    }

    private static Caller Caller() => new(CallerKey.Anyone, null, Stopwatch.GetTimestamp());
}
