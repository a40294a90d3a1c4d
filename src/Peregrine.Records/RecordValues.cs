using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Peregrine.Records;

/// <summary>Writes values of a record as the JSON that a record is read from: read again they are the same bits. Allocates nothing.</summary>
public static class RecordValues
{
    // Seconds that a date-time of the years 1 to 9999 can have.
    private const double EarliestMoment = -62_135_596_800;
    private const double LatestMoment = 253_402_300_799;
    private const double FirstMilliseconds = 1e11; // from here on an epoch is not read as seconds
    private const double LargestPlainInteger = 1e15;
    private const int LongestNumber = NumberText.Longest;

    private static readonly SearchValues<byte> s_escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>A number, <c>true</c>, a date or moment or other text as a string; <c>null</c> where the slot is missing. A moment beyond the years 1 to 9999 is a number: of seconds, or from 1e11 on of microseconds, since a record reads it by its magnitude.</summary>
    public static void Write(FieldKind kind, int slot, TypedRecord record, IBufferWriter<byte> output)
    {
        if (kind == FieldKind.Text)
        {
            if (record.TryGetText(slot, out var text)) WriteText(text, output);
            else output.Write("null"u8);
            return;
        }

        var value = record.Number(slot);
        if (!double.IsFinite(value)) output.Write("null"u8);
        else if (kind == FieldKind.Boolean) output.Write(value == 0 ? "false"u8 : "true"u8);
        else if (kind is FieldKind.DateTime or FieldKind.Date && value is >= EarliestMoment and <= LatestMoment) WriteMoment(value, kind == FieldKind.Date, output);
        else WriteNumber(kind is FieldKind.DateTime or FieldKind.Date && Math.Abs(value) >= FirstMilliseconds ? MicrosecondsOf(value) : value, output);
    }

    /// <summary>The number that divided by a million is the very same one again.</summary>
    private static double MicrosecondsOf(double seconds)
    {
        var near = seconds * 1e6;
        if (near / 1e6 == seconds) return near;
        return Math.BitIncrement(near) / 1e6 == seconds ? Math.BitIncrement(near) : Math.BitDecrement(near);
    }

    private static void WriteNumber(double value, IBufferWriter<byte> output)
    {
        var room = output.GetSpan(LongestNumber);
        int written;
        if (Math.Abs(value) < LargestPlainInteger && value == Math.Floor(value) && !IsNegativeZero(value)) Utf8Formatter.TryFormat((long)value, room, out written);
        else written = NumberText.Write(value, room);
        output.Advance(written);
    }

    private static bool IsNegativeZero(double value) => value == 0 && double.IsNegative(value);

    private static void WriteMoment(double seconds, bool dateOnly, IBufferWriter<byte> output)
    {
        var room = output.GetSpan(LongestNumber + 2);
        room[0] = (byte)'"';
        var length = FieldParsing.FormatDateTime(seconds, dateOnly, room[1..]);
        room[length + 1] = (byte)'"';
        output.Advance(length + 2);
    }

    /// <summary>Text as a JSON string. Escapes only what JSON demands, so that the text does not hang on which characters a runtime knows.</summary>
    public static void WriteText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (text.IndexOfAny(s_escaped) >= 0)
        {
            WriteEscaped(text, output);
            return;
        }

        var room = output.GetSpan(text.Length + 2);
        room[0] = (byte)'"';
        text.CopyTo(room[1..]);
        room[text.Length + 1] = (byte)'"';
        output.Advance(text.Length + 2);
    }

    private static void WriteEscaped(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (true)
        {
            var stop = text.IndexOfAny(s_escaped);
            if (stop < 0) break;
            output.Write(text[..stop]);
            WriteEscape(text[stop], output);
            text = text[(stop + 1)..];
        }

        output.Write(text);
        output.Write("\""u8);
    }

    private static void WriteEscape(byte value, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        if (value >= 0x20) output.Write([(byte)'\\', value]);
        else output.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', digits[value >> 4], digits[value & 15]]);
    }
}
