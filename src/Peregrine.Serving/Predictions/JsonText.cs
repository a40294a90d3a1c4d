using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;

namespace Peregrine.Serving.Predictions;

/// <summary>Pieces of JSON, written without a writer object.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> s_stops = SearchValues.Create("\" \t\r\nNI"u8);

    /// <summary>A JSON string with its quotes.</summary>
    public static byte[] Quote(string text) =>
        [(byte)'"', .. Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)), (byte)'"'];

    /// <summary>Microseconds as milliseconds with three decimals; at most 21 bytes.</summary>
    public static int FormatMilliseconds(long microseconds, Span<byte> destination)
    {
        var (whole, rest) = Math.DivRem(Math.Max(microseconds, 0), 1000);
        Utf8Formatter.TryFormat(whole, destination, out var at);
        destination[at++] = (byte)'.';
        destination[at++] = (byte)('0' + rest / 100);
        destination[at++] = (byte)('0' + rest / 10 % 10);
        destination[at++] = (byte)('0' + rest % 10);
        return at;
    }

    /// <summary>
    /// Copies a JSON value that is known to be well-formed, without blanks between its tokens, the words NaN and Infinity as null: one line, whatever the caller's layout.
    /// </summary>
    /// <param name="destination">At least <see cref="CompactBound"/> of the value's length.</param>
    public static int Compact(ReadOnlySpan<byte> json, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var stop = json.IndexOfAny(s_stops);
            if (stop < 0) stop = json.Length;
            json[..stop].CopyTo(destination[written..]);
            written += stop;
            if (stop == json.Length) return written;
            json = json[stop..];
            var taken = json[0] switch
            {
                (byte)'"' => CopyString(json, destination, ref written),
                (byte)'N' => CopyNull(3, destination, ref written),
                (byte)'I' => CopyNull(8, destination, ref written),
                _ => 1,
            };
            json = json[taken..];
        }
    }

    /// <summary>Room that <see cref="Compact"/> may need: NaN grows by one byte.</summary>
    public static int CompactBound(int length) => length + length / 3 + 1;

    private static int CopyString(ReadOnlySpan<byte> json, Span<byte> destination, ref int written)
    {
        var end = 1;
        while (true)
        {
            end += json[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (json[end] == '"') break;
            end += 2;
        }

        json[..(end + 1)].CopyTo(destination[written..]);
        written += end + 1;
        return end + 1;
    }

    private static int CopyNull(int wordLength, Span<byte> destination, ref int written)
    {
        if (written > 0 && destination[written - 1] == '-') written--;
        "null"u8.CopyTo(destination[written..]);
        written += 4;
        return wordLength;
    }
}
