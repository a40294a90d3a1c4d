using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Peregrine.Records;

/// <summary>
/// The one place that turns text into a value: CSV cells, query strings and JSON strings all pass here, so equal text gives
/// equal bits in training and in serving. Culture-free, no surrounding blanks, allocation-free.
/// </summary>
public static class FieldParsing
{
    private const double SecondsPerDay = 86_400;
    private const int DateLength = 10; // 2026-01-31
    private const int SecondLength = 19; // 2026-01-31 23:59:59
    private const int FractionDigits = 7;

    private static readonly double[] s_powersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Parses text for a field of the given kind; false for text and for anything that does not fit.</summary>
    public static bool TryParse(FieldKind kind, ReadOnlySpan<byte> text, out double value)
    {
        switch (kind)
        {
            case FieldKind.Number:
            case FieldKind.Integer:
                return TryNumber(text, out value);
            case FieldKind.Boolean:
                if (TryBoolean(text, out var flag))
                {
                    value = flag ? 1 : 0;
                    return true;
                }

                break;
            case FieldKind.DateTime:
            case FieldKind.Date:
                return TryDateTime(text, out value);
        }

        value = double.NaN;
        return false;
    }

    /// <summary>A finite decimal number such as <c>-12.5</c> or <c>1e-3</c>, correctly rounded. No group separators, no NaN, no infinity.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        if (TryShortDecimal(text, out value)) return true;
        if (text.IsEmpty || !IsNumberByte(text[0]) || !IsNumberByte(text[^1])) return Fail(out value);
        if (!double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture, out value))
            return Fail(out value);
        return double.IsFinite(value) || Fail(out value);
    }

    /// <summary><c>true</c>, <c>false</c> in any case, <c>1</c> or <c>0</c>.</summary>
    public static bool TryBoolean(ReadOnlySpan<byte> text, out bool value)
    {
        value = false;
        switch (text.Length)
        {
            case 1 when text[0] is (byte)'0' or (byte)'1':
                value = text[0] == '1';
                return true;
            case 4 when System.Text.Ascii.EqualsIgnoreCase(text, "true"u8):
                value = true;
                return true;
            case 5 when System.Text.Ascii.EqualsIgnoreCase(text, "false"u8):
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// <c>yyyy-MM-dd</c>, or that with <c>T</c> or a blank and <c>HH:mm[:ss[.f]]</c> and optionally <c>Z</c> or an offset
    /// <c>±HH:mm</c>; the result is seconds since 1970 UTC. Fractions count to 100 ns.
    /// </summary>
    public static bool TryDateTime(ReadOnlySpan<byte> text, out double seconds)
    {
        seconds = double.NaN;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-') return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)) return false;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > System.DateTime.DaysInMonth(year, month)) return false;
        var days = new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        if (text.Length == DateLength)
        {
            seconds = days * SecondsPerDay;
            return true;
        }

        if (text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
        if (!TryTimeOfDay(text[11..], out var ticks)) return false;
        var whole = days * 86_400L + Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var fraction);
        seconds = whole + fraction / (double)TimeSpan.TicksPerSecond;
        return true;
    }

    /// <summary>Writes what <see cref="TryDateTime"/> reads back to the same bits: a date alone at midnight if asked, else date and time.</summary>
    /// <returns>How many of at most 27 bytes were written.</returns>
    public static int FormatDateTime(double seconds, bool dateOnly, Span<byte> destination)
    {
        // Whole seconds and fraction apart: a double near today resolves 240 ns, and so the text reads back to the same double.
        var whole = Math.Floor(seconds);
        var ticks = (long)whole * TimeSpan.TicksPerSecond + (long)Math.Round((seconds - whole) * TimeSpan.TicksPerSecond);
        var moment = System.DateTime.UnixEpoch.AddTicks(ticks);
        // "u" has code of its own in the framework; a pattern would be read anew for each value. Its Z is written over or left behind.
        moment.TryFormat(destination, out _, "u", CultureInfo.InvariantCulture);
        if (dateOnly && moment.TimeOfDay == TimeSpan.Zero) return DateLength;
        var fraction = moment.Ticks % TimeSpan.TicksPerSecond;
        if (fraction == 0) return SecondLength;
        destination[SecondLength] = (byte)'.';
        Utf8Formatter.TryFormat(fraction, destination[(SecondLength + 1)..], out var digits, new StandardFormat('D', FractionDigits));
        return SecondLength + 1 + digits;
    }

    private static bool TryTimeOfDay(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text[3..5], out var minute)) return false;
        if (hour > 23 || minute > 59) return false;
        ticks = hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute;
        var rest = text[5..];
        if (rest.Length >= 3 && rest[0] == ':')
        {
            if (!TryDigits(rest[1..3], out var second) || second > 59) return false;
            ticks += second * TimeSpan.TicksPerSecond;
            rest = rest[3..];
            if (!rest.IsEmpty && rest[0] == '.' && !TryFraction(ref rest, ref ticks)) return false;
        }

        return TryOffset(rest, ref ticks);
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, ref long ticks)
    {
        var unit = TimeSpan.TicksPerSecond / 10;
        var at = 1;
        for (; at < rest.Length && char.IsAsciiDigit((char)rest[at]); at++, unit /= 10) ticks += (rest[at] - '0') * unit;
        if (at == 1) return false;
        rest = rest[at..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, ref long ticks)
    {
        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z')) return true;
        if (text[0] is not ((byte)'+' or (byte)'-')) return false;
        var digits = text[1..];
        var minutesAt = digits.Length == 5 && digits[2] == ':' ? 3 : digits.Length == 4 ? 2 : -1;
        if (minutesAt < 0 || !TryDigits(digits[..2], out var hours) || !TryDigits(digits.Slice(minutesAt, 2), out var minutes)) return false;
        if (hours > 14 || minutes > 59) return false;
        var offset = hours * TimeSpan.TicksPerHour + minutes * TimeSpan.TicksPerMinute;
        ticks -= text[0] == '+' ? offset : -offset;
        return true;
    }

    /// <summary>
    /// Up to 15 significant digits and a power of ten up to 22 are exact in a double, so one division rounds correctly
    /// (Clinger, How to read floating point numbers accurately, 1990). Exponents take the general way.
    /// </summary>
    private static bool TryShortDecimal(ReadOnlySpan<byte> text, out double value)
    {
        value = double.NaN;
        var negative = !text.IsEmpty && text[0] == '-';
        var at = negative ? 1 : 0;
        if (text.Length - at is < 1 or > 16) return false;
        var mantissa = 0L;
        var digits = 0;
        var pointAt = -1;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                mantissa = mantissa * 10 + digit;
                digits++;
            }
            else if (text[at] == '.' && pointAt < 0) pointAt = digits;
            else return false;
        }

        if (digits is 0 or > 15) return false;
        var decimals = pointAt < 0 ? 0 : digits - pointAt;
        if (pointAt == 0 || (pointAt > 0 && decimals == 0)) return false;
        var magnitude = mantissa / s_powersOfTen[decimals];
        value = negative ? -magnitude : magnitude;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + (b - '0');
        }

        return true;
    }

    private static bool IsNumberByte(byte b) => b is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'+' or (byte)'.';

    private static bool Fail(out double value)
    {
        value = double.NaN;
        return false;
    }
}
