using System.Globalization;
using System.Text;
using Peregrine.Records;

namespace Peregrine.Fuzz.Targets;

/// <summary>Text becomes the number that the framework reads, and a date one that is written back to the same moment.</summary>
internal sealed class ValuesTarget : IFuzzTarget
{
    public string Name => "values";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. Fuzz.Corpus.Of("values").SelectMany(file => Encoding.UTF8.GetString(file).Split('\n')).Select(line => Encoding.UTF8.GetBytes(line))];

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words("0", "9", "-", "+", ".", "e", "E", ":", "T", "Z", "1e308", "00", "2026-02-29", "24:00", "+14:00", " ", "é", "٣", "true", "NaN");

    public long AllocationLimit(int inputLength) => 1024 + 8L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length > 200) input = input[..200];
        if (FieldParsing.TryNumber(input, out var number) != IsNumber(input, out var expected) || !number.Equals(expected))
            throw new FuzzFault($"'{Encoding.UTF8.GetString(input)}' is {number}, the framework reads {expected}.");
        if (FieldParsing.TryBoolean(input, out var flag) && flag != (input[0] is (byte)'1' or (byte)'t' or (byte)'T')) throw new FuzzFault("A boolean is the wrong one.");
        if (!FieldParsing.TryDateTime(input, out var seconds)) return;
        if (!double.IsFinite(seconds)) throw new FuzzFault($"A date became {seconds}.");
        if (Math.Abs(seconds) > 6e10) return; // beyond the years that are written
        Span<byte> text = stackalloc byte[40];
        var length = FieldParsing.FormatDateTime(seconds, dateOnly: false, text);
        if (!FieldParsing.TryDateTime(text[..length], out var again) || Math.Abs(again - seconds) > 1e-6)
            throw new FuzzFault($"'{Encoding.UTF8.GetString(input)}' is {seconds}, written as '{Encoding.UTF8.GetString(text[..length])}', read back as {again}.");
    }

    private static bool IsNumber(ReadOnlySpan<byte> text, out double value)
    {
        var good = !text.IsEmpty && IsOuter(text[0]) && IsOuter(text[^1]) && double.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
        value = good ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : double.NaN;
        return good;
    }

    private static bool IsOuter(byte letter) => char.IsAsciiDigit((char)letter) || letter is (byte)'-' or (byte)'+' or (byte)'.';
}
