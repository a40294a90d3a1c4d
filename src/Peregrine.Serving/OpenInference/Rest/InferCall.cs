using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference.Rest;

/// <summary>An <c>infer</c> request over HTTP: what stands in its headers, and the headers of its answer.</summary>
internal sealed class InferCall(InferEngine engine)
{
    public const string HeaderLength = "Inference-Header-Content-Length";

    private static readonly byte[] s_protocol = "\"oip-rest\""u8.ToArray();

    /// <summary>Null: the answer is in <paramref name="output"/>, and its headers are set.</summary>
    public ApiError? Infer(HttpContext context, UserRoute route, ReadOnlySpan<byte> body, in Caller caller, Utf8Output output, ref PredictionReport report)
    {
        var work = InferWorkspace.Rent();
        try
        {
            var error = Infer(context.Request.Headers, route, body, caller with { Protocol = s_protocol }, work, output, ref report);
            if (error is null) Head(context, work);
            else if (!ReferenceEquals(error, PredictionEngine.Moved)) CountFailure(route, report, caller.Started);
            return error;
        }
        finally
        {
            InferWorkspace.Return(work);
        }
    }

    private ApiError? Infer(
        IHeaderDictionary headers, UserRoute route, ReadOnlySpan<byte> body, in Caller caller, InferWorkspace work, Utf8Output output, ref PredictionReport report)
    {
        var length = body.Length;
        if (headers.TryGetValue(HeaderLength, out var given))
        {
            if (given is not [{ } only] || !int.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > body.Length)
                return InferFaults.HeaderLength(given.ToString(), body.Length);
            if (length == 0) return engine.InferRaw(route.Endpoint, route.Forced, body, caller, work, output, ref report);
        }

        return engine.InferRest(route.Endpoint, route.Forced, body, length, caller, work, output, ref report);
    }

    private static void Head(HttpContext context, InferWorkspace work)
    {
        if (work.AnswerHeaderLength <= 0) return;
        var headers = context.Response.Headers;
        headers[HeaderLength] = work.AnswerHeaderText();
        headers.ContentType = "application/octet-stream";
    }

    /// <summary>Counts a refused request for the model it reached, or would have.</summary>
    public static void CountFailure(UserRoute route, in PredictionReport report, long started) =>
        (report.Endpoint as LoadedEndpoint ?? route.Endpoint.Target(0))?.Signature.Statistics.Failed(Stopwatch.GetElapsedTime(started));
}
