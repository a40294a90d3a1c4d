using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference.Rest;

/// <summary>An <c>infer</c> request over HTTP: what stands in its headers, and the headers of its answer.</summary>
internal sealed class InferCall(InferEngine engine, IOptions<ServingOptions> serving, IOptions<OpenInferenceOptions> options)
{
    public const string HeaderLength = "Inference-Header-Content-Length";

    private static readonly byte[] s_protocol = "\"oip-rest\""u8.ToArray();

    private readonly int _maxBody = serving.Value.MaxRequestBodyBytes;
    private readonly int _compressFrom = options.Value.CompressFromBytes;

    /// <summary>Null: the answer is in <paramref name="output"/>, and its headers are set.</summary>
    public ApiError? Infer(HttpContext context, UserRoute route, ReadOnlySpan<byte> body, in Caller caller, Utf8Output output, ref PredictionReport report)
    {
        var protocolled = caller with { Protocol = s_protocol };
        var coding = context.Request.Headers.ContentEncoding;
        if (coding.Count == 0) return InferPlain(context, route, body, protocolled, output, ref report);
        if (coding is not [{ } only] || !BodyCoding.IsKnown(only)) return UnknownCoding(coding.ToString());
        return InferPacked(context, route, body, only, protocolled, output, ref report);
    }

    private ApiError? InferPacked(
        HttpContext context, UserRoute route, ReadOnlySpan<byte> body, string coding, in Caller caller, Utf8Output output, ref PredictionReport report)
    {
        byte[]? unpacked = null;
        try
        {
            (unpacked, var length) = BodyCoding.Decode(body, coding, _maxBody);
            return unpacked is null ? PredictionFaults.TooLarge(_maxBody) : InferPlain(context, route, unpacked.AsSpan(0, length), caller, output, ref report);
        }
        catch (InvalidDataException)
        {
            return ApiError.BadRequest($"The body is not {coding}, as its Content-Encoding says.", errorType: "MalformedBody");
        }
        finally
        {
            if (unpacked is not null) ArrayPool<byte>.Shared.Return(unpacked);
        }
    }

    private ApiError? InferPlain(HttpContext context, UserRoute route, ReadOnlySpan<byte> body, in Caller caller, Utf8Output output, ref PredictionReport report)
    {
        var work = InferWorkspace.Rent();
        try
        {
            var error = Infer(context.Request.Headers, route, body, caller, work, output, ref report);
            if (error is null) Head(context, work.AnswerHeaderLength, output);
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

    private void Head(HttpContext context, int headerLength, Utf8Output output)
    {
        var headers = context.Response.Headers;
        if (headerLength > 0)
        {
            headers[HeaderLength] = headerLength.ToString(CultureInfo.InvariantCulture);
            headers.ContentType = "application/octet-stream";
        }

        if (output.Length < _compressFrom || BodyCoding.Choose(context.Request.Headers.AcceptEncoding) is not { } coding) return;
        var packed = BodyCoding.Encode(output.Written, coding);
        output.CutTo(0);
        output.Write(packed);
        headers.ContentEncoding = coding;
        headers.Vary = "Accept-Encoding";
    }

    /// <summary>Counts a refused request for the model it reached, or would have.</summary>
    public static void CountFailure(UserRoute route, in PredictionReport report, long started) =>
        (report.Endpoint ?? route.Endpoint.Target(0))?.Signature.Statistics.Failed(Stopwatch.GetElapsedTime(started));

    private static ApiError UnknownCoding(string coding) => ApiError.UnsupportedMediaType(
        $"Content-Encoding '{coding}' is not one that is read here.", $"Content-Encoding '{coding}' is not one that is read here. Use gzip or deflate, or none.");
}
