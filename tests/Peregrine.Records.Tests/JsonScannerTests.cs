using System.Text;
using System.Text.Json;
using CsCheck;

namespace Peregrine.Records.Tests;

public sealed class JsonScannerTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData(" { \"a\" : [ 1 , -2.5e+3 , \"x\\u00e9\\n\" , true , false , null , {} ] } ")]
    [InlineData("\"\"")]
    [InlineData("[NaN, Infinity, -Infinity]")]
    [InlineData("0")]
    public void TrySkipValue_GoodText_IsReadToItsEnd(string text)
    {
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes(text));
        scanner.TrySkipValue().ShouldBeTrue();
        scanner.TryEnd().ShouldBeTrue();
    }

    [Theory]
    [InlineData("", JsonFault.UnexpectedEnd, 0)]
    [InlineData("{\"a\":1", JsonFault.UnexpectedEnd, 6)]
    [InlineData("{\"a\" 1}", JsonFault.UnexpectedByte, 5)]
    [InlineData("{\"a\":1,}", JsonFault.UnexpectedByte, 7)]
    [InlineData("[1 2]", JsonFault.UnexpectedByte, 3)]
    [InlineData("[01]", JsonFault.UnexpectedByte, 2)]
    [InlineData("[1.]", JsonFault.BadNumber, 3)]
    [InlineData("[-]", JsonFault.BadNumber, 2)]
    [InlineData("[+1]", JsonFault.UnexpectedByte, 1)]
    [InlineData("[tru]", JsonFault.UnexpectedByte, 1)]
    [InlineData("[\"a\\x\"]", JsonFault.BadEscape, 3)]
    [InlineData("[\"a\n\"]", JsonFault.ControlCharacterInString, 3)]
    [InlineData("[\"a", JsonFault.UnexpectedEnd, 3)]
    [InlineData("[[[[[1]]]]]", JsonFault.TooDeep, 5)]
    public void TrySkipValue_BadText_SaysWhatAndWhere(string text, JsonFault fault, int position)
    {
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes(text), maxDepth: 4);
        (scanner.TrySkipValue() && scanner.TryEnd()).ShouldBeFalse();
        scanner.Fault.ShouldBe(fault);
        scanner.Position.ShouldBe(position);
    }

    [Fact]
    public void TrySkipValue_AnyBytes_AgreesWithTheFrameworksReader()
    {
        string[] pieces = ["{", "}", "[", "]", ",", ":", "\"", "a", "1", "-", ".", "e", "true", "null", " ", "\\n", "\\u12", "0"];
        var bytes = Gen.Int[0, pieces.Length - 1].Select(piece => pieces[piece]).Array[0, 24]
            .Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)));
        bytes.Sample(text => Ours(text) == Theirs(text), iter: 200_000);
    }

    [Fact]
    public void Unescape_EscapesAndSurrogates_GiveUtf8()
    {
        var raw = "a\\u00e9\\ud83d\\ude00\\\\\\n\\/"u8;
        var room = new byte[raw.Length];
        var length = JsonScanner.Unescape(raw, room);
        Encoding.UTF8.GetString(room, 0, length).ShouldBe("aé😀\\\n/");
    }

    [Theory]
    [InlineData("\\ud83d")]
    [InlineData("\\ude00")]
    [InlineData("\\ud83dx")]
    [InlineData("\\ud83d\\u0041")]
    public void Unescape_HalfASurrogatePair_IsRefused(string raw) =>
        JsonScanner.Unescape(Encoding.UTF8.GetBytes(raw), new byte[64]).ShouldBe(-1);

    private static bool Ours(byte[] text)
    {
        var scanner = new JsonScanner(text);
        return scanner.TrySkipValue() && scanner.TryEnd();
    }

    private static bool Theirs(byte[] text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            var any = false;
            while (reader.Read()) any = true;
            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
