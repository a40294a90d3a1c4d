using System.Buffers;
using Peregrine.Records;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference;

/// <summary>Writes a record's features for the query log, as <c>predict</c> would take them: the line can be asked again there and gives the same bits.</summary>
internal static class LoggedFeatures
{
    // Seconds that a date-time of the years 1 to 9999 can have.
    private const double EarliestMoment = -62_135_596_800;
    private const double LatestMoment = 253_402_300_799;

    private static readonly SearchValues<byte> s_escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>One member. The record must not have been prepared yet: preparation may change it.</summary>
    /// <param name="token">The caller's own JSON of the value; empty when it came in binary form.</param>
    public static void Write(ModelSignature model, in TensorInput tensor, ReadOnlySpan<byte> token, TypedRecord record, bool isFirst, Utf8Output log)
    {
        log.Write((byte)(isFirst ? '{' : ','));
        log.Write(model.LogNames[tensor.Slot]);
        if (!token.IsEmpty) log.Write(token);
        else WriteValue(model.Spec.Inputs[tensor.Slot].Kind, tensor.Slot, record, log);
    }

    private static void WriteValue(FieldKind kind, int slot, TypedRecord record, Utf8Output log)
    {
        if (kind == FieldKind.Text)
        {
            if (record.TryGetText(slot, out var text)) WriteText(text, log);
            else log.Write("null"u8);
            return;
        }

        var value = record.Number(slot);
        if (kind == FieldKind.Boolean && !double.IsNaN(value)) log.Write(value == 0 ? "false"u8 : "true"u8);
        else if (kind is FieldKind.DateTime or FieldKind.Date && value is >= EarliestMoment and <= LatestMoment) WriteMoment(value, kind == FieldKind.Date, log);
        else if (Math.Abs(value) < 1e15 && value == Math.Floor(value) && !IsNegativeZero(value)) log.WriteInteger((long)value);
        else log.WriteDouble(value);
    }

    private static bool IsNegativeZero(double value) => value == 0 && double.IsNegative(value);

    private static void WriteMoment(double seconds, bool dateOnly, Utf8Output log)
    {
        Span<byte> text = stackalloc byte[32];
        var length = FieldParsing.FormatDateTime(seconds, dateOnly, text);
        log.Write((byte)'"');
        log.Write(text[..length]);
        log.Write((byte)'"');
    }

    private static void WriteText(ReadOnlySpan<byte> text, Utf8Output log)
    {
        log.Write((byte)'"');
        while (true)
        {
            var stop = text.IndexOfAny(s_escaped);
            if (stop < 0) break;
            log.Write(text[..stop]);
            WriteEscape(text[stop], log);
            text = text[(stop + 1)..];
        }

        log.Write(text);
        log.Write((byte)'"');
    }

    private static void WriteEscape(byte value, Utf8Output log)
    {
        if (value >= 0x20)
        {
            log.Write((byte)'\\');
            log.Write(value);
            return;
        }

        log.Write("\\u00"u8);
        log.Write((byte)('0' + (value >> 4)));
        log.Write((byte)((value & 15) < 10 ? '0' + (value & 15) : 'a' + (value & 15) - 10));
    }
}
