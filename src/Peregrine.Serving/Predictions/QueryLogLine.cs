using System.Globalization;
using System.Text.Json;
using Peregrine.Serving.Generations;
using Peregrine.Serving.QueryLog;

namespace Peregrine.Serving.Predictions;

/// <summary>Writes the log line of one record straight into the log's memory.</summary>
internal sealed class QueryLogLine(QueryLogQueue queue, TimeProvider clock)
{
    private const int FixedBytes = 256;
    private const int LongestRequestId = 128;

    public bool Enabled => queue.Enabled;

    /// <param name="features">The caller's JSON of the record; it goes to the log without blanks.</param>
    /// <param name="context">The caller's context; empty: none.</param>
    /// <param name="result">The result object of the answer.</param>
    /// <param name="record">The record's place in a call with many; -1 in a call with one.</param>
    public void Write(
        LoadedEndpoint endpoint, in Caller caller, ReadOnlySpan<byte> features, ReadOnlySpan<byte> context, ReadOnlySpan<byte> result,
        in PhaseClock phases, int record = -1)
    {
        var requestId = caller.RequestId is { Length: <= LongestRequestId } given ? given : null;
        var bound = FixedBytes + endpoint.LogHead.Length + caller.Key.JsonId.Length + (requestId?.Length ?? 0) * 6
                    + JsonText.CompactBound(features.Length) + JsonText.CompactBound(context.Length) + result.Length;
        if (!queue.TryClaim(bound, out var claim)) return;
        var length = 0;
        try
        {
            length = Fill(claim.Payload, endpoint, caller, requestId, features, context, result, phases, record);
        }
        finally
        {
            claim.Commit(length);
        }
    }

    private int Fill(
        Span<byte> line, LoadedEndpoint endpoint, in Caller caller, string? requestId, ReadOnlySpan<byte> features, ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> result, in PhaseClock phases, int record)
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

        Append(line, ref at, ",\"keyId\":"u8);
        Append(line, ref at, caller.Key.JsonId);
        if (requestId is not null)
        {
            Append(line, ref at, ",\"requestId\":\""u8);
            Append(line, ref at, JsonEncodedText.Encode(requestId).EncodedUtf8Bytes);
            Append(line, ref at, "\""u8);
        }

        if (record >= 0)
        {
            Append(line, ref at, ",\"record\":"u8);
            System.Buffers.Text.Utf8Formatter.TryFormat(record, line[at..], out written);
            at += written;
        }

        Append(line, ref at, ",\"features\":"u8);
        at += JsonText.Compact(features, line[at..]);
        if (!context.IsEmpty)
        {
            Append(line, ref at, ",\"context\":"u8);
            at += JsonText.Compact(context, line[at..]);
        }

        Append(line, ref at, ",\"result\":"u8);
        Append(line, ref at, result);
        Append(line, ref at, ",\"timing\":{\"parse\":"u8);
        at += JsonText.FormatMilliseconds(phases.ParseMicroseconds, line[at..]);
        Append(line, ref at, ",\"score\":"u8);
        at += JsonText.FormatMilliseconds(phases.ScoreMicroseconds, line[at..]);
        Append(line, ref at, ",\"total\":"u8);
        at += JsonText.FormatMilliseconds(phases.TotalMicroseconds, line[at..]);
        Append(line, ref at, "}}\n"u8);
        return at;
    }

    private static void Append(Span<byte> line, ref int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(line[at..]);
        at += part.Length;
    }
}
