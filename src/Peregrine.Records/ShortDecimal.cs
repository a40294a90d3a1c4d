using System.Buffers;
using System.Buffers.Text;

namespace Peregrine.Records;

/// <summary>The text of numbers with few decimals, as amounts and coordinates have them: the shortest that reads back to the same bits, in a tenth of the time of the general way.</summary>
internal static class ShortDecimal
{
    private const int Decimals = 6;
    private const double Scale = 1e6;

    // A decimal of up to 15 digits is the only one of that length near its double (IEEE 754, DBL_DIG), so it is the shortest.
    private const double Limit = 1e15;

    // Smaller ones are written with an exponent.
    private const double Smallest = 1e-4;

    /// <summary>What <see cref="double.TryFormat(Span{byte}, out int, ReadOnlySpan{char}, IFormatProvider?)"/> of the invariant culture writes, if the number is such a one.</summary>
    /// <param name="destination">At least 24 bytes.</param>
    public static bool TryFormat(double value, Span<byte> destination, out int written)
    {
        written = 0;
        var magnitude = Math.Abs(value);
        var scaled = Math.Round(magnitude * Scale);
        if (!(magnitude >= Smallest && scaled < Limit && scaled / Scale == magnitude)) return false;
        var (whole, fraction) = Math.DivRem((ulong)scaled, (ulong)Scale);
        if (value < 0) destination[written++] = (byte)'-';
        Utf8Formatter.TryFormat(whole, destination[written..], out var digits);
        written += digits;
        if (fraction == 0) return true;
        destination[written] = (byte)'.';
        written += WriteFraction((uint)fraction, destination[(written + 1)..]) + 1;
        return true;
    }

    /// <summary>Without the zeros at its end.</summary>
    private static int WriteFraction(uint millionths, Span<byte> destination)
    {
        byte length = Decimals;
        while (millionths % 10 == 0)
        {
            millionths /= 10;
            length--;
        }

        Utf8Formatter.TryFormat(millionths, destination, out _, new StandardFormat('D', length));
        return length;
    }
}
