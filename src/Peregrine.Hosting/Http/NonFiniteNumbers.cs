using System.Buffers;

namespace Peregrine.Hosting.Http;

/// <summary>
/// Rewrites the bare tokens <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which Python writes and JSON does not know, to
/// <c>null</c>: a missing value. Text in strings stays as it is.
/// </summary>
public static class NonFiniteNumbers
{
    private static readonly SearchValues<byte> Interesting = SearchValues.Create("\"NI"u8);

    /// <summary>The same memory when there was nothing to rewrite.</summary>
    public static ReadOnlyMemory<byte> ToNull(ReadOnlyMemory<byte> utf8Json)
    {
        ArrayBufferWriter<byte>? output = null;
        var json = utf8Json.Span;
        var copied = 0;
        var position = 0;
        while (position < json.Length)
        {
            var step = json[position..].IndexOfAny(Interesting);
            if (step < 0) break;
            position += step;
            if (json[position] == (byte)'"')
            {
                position = AfterString(json, position);
                continue;
            }

            var token = TokenLength(json[position..]);
            if (token == 0 || !StandsAlone(json, position, token))
            {
                position++;
                continue;
            }

            var start = position > 0 && json[position] == (byte)'I' && json[position - 1] == (byte)'-' ? position - 1 : position;
            output ??= new ArrayBufferWriter<byte>(json.Length + 64);
            output.Write(json[copied..start]);
            output.Write("null"u8);
            copied = position += token;
        }

        if (output is null) return utf8Json;
        output.Write(json[copied..]);
        return output.WrittenMemory;
    }

    private static int TokenLength(ReadOnlySpan<byte> json) =>
        json.StartsWith("NaN"u8) ? 3 : json.StartsWith("Infinity"u8) ? 8 : 0;

    /// <summary>False inside a longer word, which is left for the JSON reader to refuse.</summary>
    private static bool StandsAlone(ReadOnlySpan<byte> json, int position, int length)
    {
        var end = position + length;
        var freeBefore = position == 0 || !IsWord(json[position - 1]);
        return freeBefore && (end == json.Length || !IsWord(json[end]));
    }

    private static bool IsWord(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter == (byte)'_' || letter == (byte)'.';

    private static int AfterString(ReadOnlySpan<byte> json, int quote)
    {
        for (var i = quote + 1; i < json.Length; i++)
        {
            if (json[i] == (byte)'\\') i++;
            else if (json[i] == (byte)'"') return i + 1;
        }

        return json.Length;
    }
}
