using System.Globalization;
using System.Text;
using CsCheck;

namespace Peregrine.Records.Tests;

public sealed class FieldParsingTests
{
    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("-0", -0.0)]
    [InlineData("12.5", 12.5)]
    [InlineData("1e-3", 0.001)]
    [InlineData("123456789012345", 123456789012345.0)]
    [InlineData("0.1", 0.1)]
    [InlineData("5e-324", 5e-324)]
    [InlineData(".5", 0.5)]
    public void TryNumber_PlainNumber_GivesItsBits(string text, double expected)
    {
        FieldParsing.TryNumber(Encoding.UTF8.GetBytes(text), out var value).ShouldBeTrue();
        BitConverter.DoubleToInt64Bits(value).ShouldBe(BitConverter.DoubleToInt64Bits(expected));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1,5")]
    [InlineData("1,234")]
    [InlineData(" 1")]
    [InlineData("1e400")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0x10")]
    [InlineData("1.2.3")]
    public void TryNumber_AnythingElse_IsRefused(string text) =>
        FieldParsing.TryNumber(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void TryNumber_ShortestForm_ReadsBackToTheSameBits() =>
        Gen.Double.Where(double.IsFinite).Sample(value =>
        {
            var text = Encoding.UTF8.GetBytes(value.ToString("R", CultureInfo.InvariantCulture));
            return FieldParsing.TryNumber(text, out var back)
                && BitConverter.DoubleToInt64Bits(back) == BitConverter.DoubleToInt64Bits(value);
        });

    [Fact]
    public void TryNumber_DecimalsOfUpToFifteenDigits_EqualTheFrameworksParser() =>
        Gen.Select(Gen.Long[0, 999_999_999_999_999], Gen.Int[0, 15]).Sample((digits, decimals) =>
        {
            var whole = digits.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
            var text = decimals == 0 ? whole : whole[..^decimals] + "." + whole[^decimals..];
            FieldParsing.TryNumber(Encoding.UTF8.GetBytes(text), out var value);
            return value.Equals(double.Parse(text, CultureInfo.InvariantCulture));
        });

    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("2024-01-01 00:07:18", 1704067638)]
    [InlineData("2024-01-01T00:07:18Z", 1704067638)]
    [InlineData("2024-01-01T02:07:18+02:00", 1704067638)]
    [InlineData("2023-12-31T19:07:18-0500", 1704067638)]
    [InlineData("2024-01-01T00:07:18.25", 1704067638.25)]
    [InlineData("1969-12-31 23:59:59", -1)]
    [InlineData("2024-02-29 10:00", 1709200800)]
    public void TryDateTime_IsoForms_GiveSecondsSince1970(string text, double expected)
    {
        FieldParsing.TryDateTime(Encoding.UTF8.GetBytes(text), out var seconds).ShouldBeTrue();
        seconds.ShouldBe(expected);
    }

    [Theory]
    [InlineData("2023-02-29")]
    [InlineData("2024-13-01")]
    [InlineData("01/02/2024")]
    [InlineData("2024-01-01 25:00")]
    [InlineData("2024-01-01 10:00:00 Z")]
    [InlineData("2024-01-01T10:00:00+2")]
    [InlineData("0000-01-01")]
    public void TryDateTime_AnythingElse_IsRefused(string text) =>
        FieldParsing.TryDateTime(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void FormatDateTime_AnyMoment_ReadsBackToTheSameBits() =>
        Gen.Long[-62_135_596_800_000, 253_402_300_799_999].Sample(milliseconds =>
        {
            FieldParsing.TryDateTime(Format(milliseconds / 1000.0), out var seconds);
            FieldParsing.TryDateTime(Format(seconds), out var again);
            return seconds.Equals(again);
        });

    [Fact]
    public void FormatDateTime_AnyMoment_IsWrittenAsTheFrameworkWritesIt() =>
        Gen.Long[0, DateTime.MaxValue.Ticks].Select(Gen.Bool).Sample((ticks, dateOnly) =>
        {
            var moment = new DateTime(ticks - ticks % (dateOnly ? TimeSpan.TicksPerDay : TimeSpan.TicksPerSecond), DateTimeKind.Utc);
            var text = new byte[40];
            var length = FieldParsing.FormatDateTime((moment.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond, dateOnly, text);
            Encoding.ASCII.GetString(text, 0, length).ShouldBe(moment.ToString(dateOnly ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        });

    [Theory]
    [InlineData(0.25, "1970-01-01 00:00:00.2500000")]
    [InlineData(-0.25, "1969-12-31 23:59:59.7500000")]
    [InlineData(1700000000.125, "2023-11-14 22:13:20.1250000")]
    public void FormatDateTime_Fraction_HasSevenDigits(double seconds, string expected) => Encoding.ASCII.GetString(Format(seconds)).ShouldBe(expected);

    private static byte[] Format(double seconds)
    {
        var text = new byte[40];
        return text[..FieldParsing.FormatDateTime(seconds, dateOnly: false, text)];
    }
}
