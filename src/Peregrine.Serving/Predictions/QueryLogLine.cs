using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Peregrine.Serving.Generations;
using Peregrine.Serving.QueryLog;

namespace Peregrine.Serving.Predictions;

/// <summary>Writes the log line of one record straight into the log's memory.</summary>
internal sealed class QueryLogLine(QueryLogQueue queue, TimeProvider clock)
{
    private const int FixedBytes = 384;
    private const int LongestRequestId = 128;
    private const int TraceParentLength = 55;

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    public bool Enabled => queue.Enabled;

    /// <param name="features">The record.</param>
    /// <param name="context">The caller's context; empty: none.</param>
    /// <param name="result">The result object of the answer.</param>
    /// <param name="variant">How the generation was picked, see <see cref="Variants"/>; empty: not told.</param>
    /// <param name="cache">What the cache did, a JSON string; empty: there is none.</param>
    /// <param name="record">The record's place in a call with many; -1 in a call with one.</param>
    /// <param name="prepared">The record as the model saw it, if the log gets it.</param>
    public void Write(
        ServedEndpoint endpoint, in Caller caller, FeatureText features, ReadOnlySpan<byte> context, ReadOnlySpan<byte> result,
        in PhaseClock phases, int record = -1, ReadOnlySpan<byte> variant = default, PreparedText prepared = default, ReadOnlySpan<byte> cache = default)
    {
        var requestId = caller.RequestId is { Length: <= LongestRequestId } given ? given : null;
        var bound = FixedBytes + endpoint.LogHead.Length + caller.Key.JsonId.Length + (requestId?.Length ?? 0) * 6
                    + features.Bound + JsonText.CompactBound(context.Length) + result.Length + prepared.Json.Length;
        if (!queue.TryClaim(bound, out var claim)) return;
        var length = 0;
        try
        {
            length = Fill(claim.Payload, claim.Number, endpoint, caller, requestId, features, context, result, phases, variant, record, prepared, cache);
        }
        finally
        {
            claim.Commit(length);
        }
    }

    private int Fill(
        Span<byte> line, long number, ServedEndpoint endpoint, in Caller caller, string? requestId, FeatureText features, ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> result, in PhaseClock phases, ReadOnlySpan<byte> variant, int record, PreparedText prepared, ReadOnlySpan<byte> cache)
    {
        var at = 0;
        Append(line, ref at, "{\"timestamp\":\""u8);
        clock.GetUtcNow().UtcDateTime.TryFormat(line[at..], out var written, "O", CultureInfo.InvariantCulture);
        at += written;
        Append(line, ref at, endpoint.LogHead);
        if (caller.Protocol is { } protocol)
        {
            Append(line, ref at, ",\"protocol\":"u8);
            Append(line, ref at, protocol);
        }

        if (!variant.IsEmpty)
        {
            Append(line, ref at, ",\"variant\":\""u8);
            Append(line, ref at, variant);
            Append(line, ref at, "\""u8);
        }

        if (!cache.IsEmpty)
        {
            Append(line, ref at, ",\"cache\":"u8);
            Append(line, ref at, cache);
        }

        Append(line, ref at, ",\"id\":\""u8);
        Append(line, ref at, queue.Run);
        System.Buffers.Text.Utf8Formatter.TryFormat(number, line[at..], out written, 'x');
        at += written;
        Append(line, ref at, "\",\"keyId\":"u8);
        Append(line, ref at, caller.Key.JsonId);
        if (requestId is not null)
        {
            Append(line, ref at, ",\"requestId\":\""u8);
            Append(line, ref at, JsonEncodedText.Encode(requestId).EncodedUtf8Bytes);
            Append(line, ref at, "\""u8);
        }

        if (caller.TraceParent is { Length: >= TraceParentLength } parent && TraceIdOf(parent) is { IsEmpty: false } traceId)
        {
            Append(line, ref at, ",\"traceId\":\""u8);
            System.Text.Encoding.ASCII.GetBytes(traceId, line[at..]);
            at += traceId.Length;
            Append(line, ref at, "\""u8);
        }

        if (record >= 0)
        {
            Append(line, ref at, ",\"record\":"u8);
            System.Buffers.Text.Utf8Formatter.TryFormat(record, line[at..], out written);
            at += written;
        }

        Append(line, ref at, endpoint.LogInput);
        at += features.CopyTo(line[at..]);
        if (!context.IsEmpty)
        {
            Append(line, ref at, ",\"context\":"u8);
            at += JsonText.Compact(context, line[at..]);
        }

        if (!prepared.Json.IsEmpty)
        {
            Append(line, ref at, ",\"postEnrich\":"u8);
            Append(line, ref at, prepared.Json);
        }

        Append(line, ref at, ",\"result\":"u8);
        Append(line, ref at, result);
        if (prepared.IsInResult) Append(line, ref at, "}"u8);
        Append(line, ref at, ",\"timing\":{\"parse\":"u8);
        at += JsonText.FormatMilliseconds(phases.ParseMicroseconds, line[at..]);
        Append(line, ref at, ",\"score\":"u8);
        at += JsonText.FormatMilliseconds(phases.ScoreMicroseconds, line[at..]);
        Append(line, ref at, ",\"total\":"u8);
        at += JsonText.FormatMilliseconds(phases.TotalMicroseconds, line[at..]);
        Append(line, ref at, "}}\n"u8);
        return at;
    }

    /// <summary>The 32 hex digits of <c>00-{trace}-{span}-{flags}</c>; empty when they are not such.</summary>
    private static ReadOnlySpan<char> TraceIdOf(string traceParent)
    {
        var id = traceParent.AsSpan(3, 32);
        return traceParent[2] == '-' && traceParent[35] == '-' && !id.ContainsAnyExcept(s_hexDigits) && id.ContainsAnyExcept('0') ? id : default;
    }

    private static void Append(Span<byte> line, ref int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(line[at..]);
        at += part.Length;
    }
}
