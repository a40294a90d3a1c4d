using System.Buffers.Text;

namespace Peregrine.Records;

/// <summary>
/// The text of numbers with as many digits as a double has, as probabilities and influences are: the shortest that reads back to the same bits, of several the nearest, in two fifths
/// of the framework's time. Numbers from 2e-9 to 5e14.
/// </summary>
/// <remarks>
/// The method is that of R. Giulietti, "The Schubfach way to render doubles" (2021): with the right power of ten the interval of reals that round to the double holds one or two
/// whole numbers, and three products of 64 by 126 bits find them. In this range all powers are whole numbers of at most 84 bits, so the table is exact.
/// </remarks>
internal static class ShortestDecimal
{
    private const int FractionBits = 52;
    private const int Bias = 1075; // of an exponent that makes the significand whole
    private const int LeastExponent = -81;
    private const int MostExponent = -4;
    private const int MostPower = 25;
    private const ulong Hidden = 1UL << FractionBits;
    private const ulong Low63 = (1UL << 63) - 1;

    // Scientific exponents for which the framework writes no exponent; the greater end is out of reach.
    private const int LeastPlain = -4;

    /// <summary>10^n with its first bit at place 125, and one more, in halves of 63 bits.</summary>
    private static readonly (ulong High, ulong Low)[] s_powers = MakePowers();

    /// <summary>False for a number out of range.</summary>
    /// <param name="destination">At least 25 bytes.</param>
    public static bool TryFormat(double value, Span<byte> destination, out int written)
    {
        written = 0;
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var exponent = (int)(bits >> FractionBits & 0x7FF) - Bias;
        if (exponent is < LeastExponent or > MostExponent) return false;
        if (value < 0) destination[written++] = (byte)'-';
        var (digits, power) = Shorten(bits & (Hidden - 1) | Hidden, exponent);
        written += Write(digits, power, destination[written..]);
        return true;
    }

    /// <summary>The shortest decimal in the interval that rounds to <c>significand * 2^exponent</c>: digits, and the power of ten they are multiplied with.</summary>
    private static (ulong Digits, int Power) Shorten(ulong significand, int exponent)
    {
        // A quarter of the spacing is 1; below a power of two the spacing is half as wide.
        var isNarrow = significand == Hidden;
        var odd = significand & 1;
        var middle = significand << 2;
        var power = isNarrow ? FloorLog10OfThreeQuarters(exponent) : FloorLog10(exponent);
        var shift = exponent + FloorLog2(-power) + 2;
        var (high, low) = s_powers[-power];
        var value = Scale(high, low, middle << shift);
        var from = Scale(high, low, (middle - (isNarrow ? 1UL : 2UL)) << shift) + odd;
        var to = Scale(high, low, (middle + 2) << shift) - odd;
        var below = value >> 2;

        // One digit less, if exactly one of the two neighbours is in the interval.
        var tens = below / 10 * 10;
        var tensFit = from <= tens << 2;
        var nextFit = (tens + 10) << 2 <= to;
        if (tensFit != nextFit) return (tensFit ? tens : tens + 10, power);

        var belowFits = from <= below << 2;
        var aboveFits = (below + 1) << 2 <= to;
        if (belowFits != aboveFits) return (belowFits ? below : below + 1, power);
        var half = ((below << 1) + 1) << 1;
        return (value < half || value == half && (below & 1) == 0 ? below : below + 1, power);
    }

    /// <summary>The product with a power of ten over 2^126, rounded to odd: what is cut off leaves its trace in the last bit.</summary>
    private static ulong Scale(ulong high, ulong low, ulong factor)
    {
        var lower = Math.BigMul(low, factor, out _);
        var upper = Math.BigMul(high, factor, out var rest);
        var sum = (rest >> 1) + lower;
        return upper + (sum >> 63) | (sum & Low63) + Low63 >> 63;
    }

    private static int Write(ulong digits, int power, Span<byte> destination)
    {
        while (true)
        {
            var (tenth, last) = Math.DivRem(digits, 10);
            if (last != 0) break;
            digits = tenth;
            power++;
        }

        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(digits, text, out var length);
        text = text[..length];
        var scientific = length + power - 1;
        if (scientific < LeastPlain) return WriteScientific(text, -scientific, destination);
        if (scientific < 0)
        {
            "0.000"u8[..(1 - scientific)].CopyTo(destination);
            text.CopyTo(destination[(1 - scientific)..]);
            return length + 1 - scientific;
        }

        var whole = scientific + 1;
        if (power >= 0)
        {
            text.CopyTo(destination);
            destination[length..whole].Fill((byte)'0');
            return whole;
        }

        text[..whole].CopyTo(destination);
        destination[whole] = (byte)'.';
        text[whole..].CopyTo(destination[(whole + 1)..]);
        return length + 1;
    }

    /// <param name="below">The exponent without its sign, of one digit.</param>
    private static int WriteScientific(ReadOnlySpan<byte> digits, int below, Span<byte> destination)
    {
        destination[0] = digits[0];
        var at = 1;
        if (digits.Length > 1)
        {
            destination[at++] = (byte)'.';
            digits[1..].CopyTo(destination[at..]);
            at += digits.Length - 1;
        }

        "E-0"u8.CopyTo(destination[at..]);
        destination[at + 3] = (byte)('0' + below);
        return at + 4;
    }

    // Products with rounded logarithms, exact for the exponents of doubles (section 8.3 of the paper).
    private static int FloorLog10(int exponent) => (int)(exponent * 661_971_961_083L >> 41);

    private static int FloorLog10OfThreeQuarters(int exponent) => (int)((exponent * 661_971_961_083L) - 274_743_187_321L >> 41);

    private static int FloorLog2(int power) => (int)(power * 913_124_641_741L >> 38);

    private static (ulong High, ulong Low)[] MakePowers()
    {
        var powers = new (ulong, ulong)[MostPower + 1];
        var power = UInt128.One;
        for (var n = 0; n <= MostPower; n++, power *= 10)
        {
            var aligned = (power << 126 - (128 - (int)UInt128.LeadingZeroCount(power))) + 1;
            powers[n] = ((ulong)(aligned >> 63), (ulong)aligned & Low63);
        }

        return powers;
    }
}
