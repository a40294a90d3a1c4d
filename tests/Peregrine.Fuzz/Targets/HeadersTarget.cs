using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Peregrine.Serving.Bulk;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Limits;
using Peregrine.Serving.OpenInference.Grpc.Wire;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Fuzz.Targets;

/// <summary>One value as each header or query parameter that is read: deadlines as large numbers reckon them, request ids and traces that can be sent back.</summary>
internal sealed class HeadersTarget : IFuzzTarget
{
    private const long Started = 1_000_000_000_000;

    private readonly RequestDeadline _deadlines = new(Options.Create(new LimitOptions()));

    public string Name => "headers";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Words(
        "1", "600000", "600001", "0", "99999999H", "99999999M", "5S", "250m", "1u", "99999999n", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "req-17", "identity", "gzip", "br, gzip",
        "text/csv;header=present", "application/x-ndjson;q=0.5, */*;q=0.1", "9223372036854775807", "?timeout=500", "?timeout=1&timeout=2", "?onError=skip&firstLine=12");

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words(
        "0", "9", "99999999", "H", "M", "S", "m", "u", "n", "-", "+", " ", ".", "e9", "00-", "-01", "gzip", ",", ";q=", "timeout=", "&", "=", "%31", "%ff", "text/csv", "application/json", "é", "~");

    public long AllocationLimit(int inputLength) => 256 * 1024 + 512L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        // No server lets it into a header.
        if (input.Contains((byte)0)) return;
        var text = Encoding.Latin1.GetString(input);
        CheckTimeout(text);
        CheckGrpcTimeout(text);
        CheckQuery(text);
        var context = new DefaultHttpContext();
        context.Request.Headers[RequestId.Header] = text;
        context.Request.Headers.ContentEncoding = text;
        context.Request.Headers.AcceptEncoding = text;
        if (RequestId.Take(context) is { } id && (id != text || id.Length > 128)) throw new FuzzFault($"Request id '{id}' of '{text}'.");
        AnswerHeaders.TellTrace(context, new Caller(CallerKey.Anyone, null, 0, TraceParent: text), null);
        foreach (var (_, values) in context.Response.Headers)
            if (values.ToString().AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new FuzzFault($"'{values}' cannot be sent back.");
        if (ContentCoding.Of(context.Request, out var coding) is { } error) EngineTarget.Check(error);
        else if (coding is not null && !BodyCoding.IsKnown(coding)) throw new FuzzFault($"'{coding}' is taken for a coding.");
    }

    private void CheckTimeout(string text)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[RequestDeadline.Header] = text;
        var error = _deadlines.Read(context.Request, PredictionCall.Predict, Started, out var deadline);
        var isNumber = text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
        var milliseconds = isNumber ? BigInteger.Parse(text, CultureInfo.InvariantCulture) : 0;
        var isGood = milliseconds >= 1 && milliseconds <= 600_000;
        if (error is null != isGood) throw new FuzzFault($"Timeout '{text}': {error?.Message ?? "taken"}");
        if (error is null && deadline - Started != (long)(milliseconds * Stopwatch.Frequency / 1000)) throw new FuzzFault($"Timeout '{text}' is over at {deadline}.");
        if (error is not null) EngineTarget.Check(error);
    }

    private static void CheckGrpcTimeout(string text)
    {
        var ours = GrpcDeadline.Parse(text);
        var digits = text.Length is >= 2 and <= 9 ? text[..^1] : "";
        if (digits.Length == 0 || digits.AsSpan().ContainsAnyExceptInRange('0', '9') || !"HMSmun".Contains(text[^1], StringComparison.Ordinal))
        {
            if (ours is not null) throw new FuzzFault($"grpc-timeout '{text}' is taken for {ours}.");
            return;
        }

        decimal unit = text[^1] switch { 'H' => 3600m, 'M' => 60m, 'S' => 1m, 'm' => 1e-3m, 'u' => 1e-6m, _ => 1e-9m };
        var seconds = decimal.Parse(digits, CultureInfo.InvariantCulture) * unit;
        // Longer than a timer runs is no limit.
        if (seconds > 40 * 86_400m ? ours is not null : ours is not { } taken || Math.Abs((decimal)taken.Ticks / TimeSpan.TicksPerSecond - seconds) > 1e-7m)
            throw new FuzzFault($"grpc-timeout '{text}' is {seconds} s and is taken for {ours}.");
        if (GrpcDeadline.Of(text, Started) is var end and not 0 && end < Started) throw new FuzzFault($"grpc-timeout '{text}' is over before it began.");
    }

    private void CheckQuery(string text)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(text.StartsWith('?') ? text : "?" + text);
        if (_deadlines.Read(context.Request, PredictionCall.Predict, Started, out var deadline) is { } wrong) EngineTarget.Check(wrong);
        else if (deadline is not 0 && (deadline <= Started || deadline > Started + 600 * Stopwatch.Frequency)) throw new FuzzFault($"Query '{text}' makes a deadline of {deadline}.");
        context.Request.ContentType = text;
        context.Request.Headers.Accept = text;
        _ = BulkCall.IsPlain(context.Request);
        context.Request.ContentType = "text/csv";
        if (BulkCall.Read(context.Request, out var refusal) is null) EngineTarget.Check(refusal!);
    }
}
