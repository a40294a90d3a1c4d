using System.Globalization;
using System.Text;

namespace Peregrine.Records.Tests;

/// <summary>The framework's own writer is the oracle.</summary>
public sealed class NumberTextTests
{
    public static TheoryData<double> Special => [
        0, -0.0, 1, -1, 0.1, 0.3, 0.1 + 0.2, 1.0 / 3, 2.0 / 3, 0.5, 0.25, 1e-4, 9.999999999999999e-5, 1e-5, 1.5e-5, 1e-9, 9.313225746154785e-10, 9.313225746154784e-10, 1e-10, 1e-300, 5e-324,
        1e14, 123456789012345.6, 562949953421311.9, 562949953421312, 1e15, 1e16, 1e300, double.MaxValue, 9007199254740993, 0.9999999999999999, 1.0000000000000002, 4.35, 0.000123, 2.2250738585072014E-308,
    ];

    [Theory]
    [MemberData(nameof(Special))]
    public void Write_SpecialNumbers_IsWhatTheFrameworkWrites(double value) => ShouldBeTheFrameworks(value);

    [Fact]
    public void Write_EveryPowerOfTwoAndItsNeighbours_IsWhatTheFrameworkWrites()
    {
        for (var exponent = -1074; exponent < 1024; exponent++)
        {
            var power = Math.ScaleB(1, exponent);
            foreach (var value in (double[])[power, Math.BitDecrement(power), Math.BitIncrement(power), -power, power * 3, power * 5]) ShouldBeTheFrameworks(value);
        }
    }

    [Fact]
    public void Write_RandomProbabilities_IsWhatTheFrameworkWrites()
    {
        var random = new Random(1);
        for (var i = 0; i < 400_000; i++)
        {
            var odds = (random.NextDouble() * 60) - 30;
            var probability = 1 / (1 + Math.Exp(-odds));
            ShouldBeTheFrameworks(probability);
            ShouldBeTheFrameworks(1 - probability);
            ShouldBeTheFrameworks(odds);
        }
    }

    [Fact]
    public void Write_RandomBits_IsWhatTheFrameworkWrites()
    {
        var random = new Random(2);
        for (var i = 0; i < 400_000; i++)
        {
            var fraction = (ulong)random.NextInt64(1L << 52);
            // Few bits set, all bits, and none at the end: where intervals are hit at their ends.
            foreach (var mask in (ulong[])[ulong.MaxValue, fraction >> 13 | fraction << 20, 0xFFFFF00000000, 7])
                ShouldBeTheFrameworks(BitConverter.UInt64BitsToDouble((ulong)random.Next(940, 1080) << 52 | fraction & mask & (1UL << 52) - 1));
        }
    }

    [Fact]
    public void Write_DecimalsOfEveryLength_IsWhatTheFrameworkWrites()
    {
        var random = new Random(3);
        for (var digits = 1; digits <= 17; digits++)
        {
            for (var i = 0; i < 10_000; i++)
            {
                var number = random.NextInt64((long)Math.Pow(10, digits - 1), (long)Math.Pow(10, digits));
                ShouldBeTheFrameworks(Parse($"{number}E{random.Next(-26, 3)}"));
            }
        }
    }

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void ShouldBeTheFrameworks(double value)
    {
        Span<byte> ours = stackalloc byte[NumberText.Longest];
        Span<byte> theirs = stackalloc byte[NumberText.Longest];
        var length = NumberText.Write(value, ours);
        value.TryFormat(theirs, out var expected, default, CultureInfo.InvariantCulture);
        if (ours[..length].SequenceEqual(theirs[..expected])) return;
        var (text, other) = (Encoding.ASCII.GetString(ours[..length]), Encoding.ASCII.GetString(theirs[..expected]));
        // Below a power of two the doubles are twice as dense: the framework's text of 2^-25 and of some others is that of their neighbour.
        var isPowerOfTwo = (BitConverter.DoubleToUInt64Bits(value) & (1UL << 52) - 1) == 0;
        if (!isPowerOfTwo || Parse(other) == value) text.ShouldBe(other);
        Parse(text).ShouldBe(value);
        text.Length.ShouldBeLessThanOrEqualTo(other.Length + 1);
    }
}
