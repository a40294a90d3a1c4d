using System.Buffers;
using System.Globalization;
using System.Text;
using CsCheck;

namespace Peregrine.Records.Tests;

public sealed class RecordValuesTests
{
    [Theory]
    [InlineData(FieldKind.Number, 12.5, "12.5")]
    [InlineData(FieldKind.Number, 7, "7")]
    [InlineData(FieldKind.Number, -0.0, "-0")]
    [InlineData(FieldKind.Number, 1e300, "1E+300")]
    [InlineData(FieldKind.Number, 5e-324, "5E-324")]
    [InlineData(FieldKind.Number, double.NaN, "null")]
    [InlineData(FieldKind.Number, double.PositiveInfinity, "null")]
    [InlineData(FieldKind.Integer, 123456789012345, "123456789012345")]
    [InlineData(FieldKind.Boolean, 1, "true")]
    [InlineData(FieldKind.Boolean, 0, "false")]
    [InlineData(FieldKind.Boolean, double.NaN, "null")]
    [InlineData(FieldKind.Date, 1_580_428_800, "\"2020-01-31\"")]
    [InlineData(FieldKind.DateTime, 1_580_428_800.25, "\"2020-01-31 00:00:00.2500000\"")]
    [InlineData(FieldKind.DateTime, 1e18, "1E+24")]
    [InlineData(FieldKind.DateTime, 300_000_000_000.25, "3.0000000000025E+17")]
    [InlineData(FieldKind.DateTime, -90_000_000_000, "-90000000000")]
    public void Write_OfANumber_IsWhatARecordReadsBackToTheSameBits(FieldKind kind, double value, string json)
    {
        var record = new TypedRecord(1);
        record.SetNumber(0, value);
        Written(kind, record).ShouldBe(json);
        if (!double.IsFinite(value)) return;
        BitConverter.DoubleToInt64Bits(Read(kind, json).Number(0)).ShouldBe(BitConverter.DoubleToInt64Bits(value));
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a \"b\" \\ c\n\u0001é", "\"a \\\"b\\\" \\\\ c\\u000a\\u0001é\"")]
    public void Write_OfText_EscapesWhatJsonWants(string text, string json)
    {
        var record = new TypedRecord(1);
        record.SetText(0, Encoding.UTF8.GetBytes(text));
        Written(FieldKind.Text, record).ShouldBe(json);
        Read(FieldKind.Text, json).TryGetText(0, out var read).ShouldBeTrue();
        Encoding.UTF8.GetString(read).ShouldBe(text);
    }

    [Fact]
    public void Write_OfMissingText_IsNull() => Written(FieldKind.Text, new TypedRecord(1)).ShouldBe("null");

    [Fact]
    public void Write_OfADecimal_IsTheShortestTextOfTheFramework() =>
        Gen.Long[-2_000_000_000_000_000, 2_000_000_000_000_000].Select(Gen.Int[0, 12]).Sample((digits, decimals) => CheckText(digits / Math.Pow(10, decimals)));

    [Fact]
    public void Write_OfAnyNumber_IsTheShortestTextOfTheFramework() => Gen.Double.Sample(CheckText);

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.000099)]
    [InlineData(-0.5)]
    [InlineData(999999999.999999)]
    [InlineData(1000000000.000001)]
    [InlineData(0.1 + 0.2)]
    public void Write_NearTheLimitsOfShortDecimals_IsTheShortestTextOfTheFramework(double value) => CheckText(value);

    private static void CheckText(double value)
    {
        if (!double.IsFinite(value) || (value == Math.Floor(value) && Math.Abs(value) < 1e15)) return;
        var record = new TypedRecord(1);
        record.SetNumber(0, value);
        Written(FieldKind.Number, record).ShouldBe(value.ToString(CultureInfo.InvariantCulture));
    }

    private static string Written(FieldKind kind, TypedRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        RecordValues.Write(kind, 0, record, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static TypedRecord Read(FieldKind kind, string json)
    {
        var record = new TypedRecord(1);
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes($"{{\"x\":{json}}}"));
        new RecordReader(new RecordSchema([new("x", kind)]), [], refuseUnknown: true, refuseMissing: true).Read(ref scanner, record).ShouldBe(RecordFault.None);
        return record;
    }
}
