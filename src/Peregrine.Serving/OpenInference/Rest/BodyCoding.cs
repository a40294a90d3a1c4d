using System.Buffers;
using System.IO.Compression;

namespace Peregrine.Serving.OpenInference.Rest;

/// <summary>gzip and deflate of whole bodies in memory.</summary>
internal static class BodyCoding
{
    public const string Gzip = "gzip";

    /// <summary>A zlib stream (RFC 9110, 8.4.1.2).</summary>
    public const string Deflate = "deflate";

    public static bool IsKnown(string coding) => Is(coding, Gzip) || Is(coding, Deflate);

    /// <summary>Unpacks a body.</summary>
    /// <param name="limit">Most bytes that it may unpack to.</param>
    /// <returns>Memory of the shared pool, to be given back, and how much of it is the body; null and -1 when it is larger than the limit.</returns>
    /// <exception cref="InvalidDataException">The body is not of this coding.</exception>
    public static unsafe (byte[]? Bytes, int Length) Decode(ReadOnlySpan<byte> body, string coding, int limit)
    {
        fixed (byte* start = body)
        {
            using var packed = new UnmanagedMemoryStream(start, body.Length);
            using Stream unpacking = Is(coding, Gzip) ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
            return ReadAll(unpacking, body.Length, limit);
        }
    }

    public static byte[] Encode(ReadOnlySpan<byte> body, string coding)
    {
        using var packed = new MemoryStream(body.Length / 2);
        using (Stream packing = Is(coding, Gzip) ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(body);
        return packed.ToArray();
    }

    /// <summary>The coding that a caller takes, or null. gzip before deflate; one with <c>q=0</c> is not taken.</summary>
    public static string? Choose(string? accepted)
    {
        if (string.IsNullOrEmpty(accepted)) return null;
        return Takes(accepted, Gzip) ? Gzip : Takes(accepted, Deflate) ? Deflate : null;
    }

    private static bool Takes(ReadOnlySpan<char> accepted, string coding)
    {
        foreach (var range in accepted.Split(','))
        {
            var part = accepted[range].Trim();
            var semicolon = part.IndexOf(';');
            var name = semicolon < 0 ? part : part[..semicolon].TrimEnd();
            if (!name.Equals(coding, StringComparison.OrdinalIgnoreCase)) continue;
            var weight = semicolon < 0 ? "" : part[(semicolon + 1)..].Trim().ToString().Replace(" ", "", StringComparison.Ordinal);
            return !(weight.StartsWith("q=0", StringComparison.OrdinalIgnoreCase) && weight.AsSpan(3).TrimEnd('0') is "" or ".");
        }

        return false;
    }

    private static (byte[]? Bytes, int Length) ReadAll(Stream source, int packedLength, int limit)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Min(limit, Math.Max(4096, packedLength * 4)) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == bytes.Length) bytes = Grow(bytes, length);
                var read = source.Read(bytes, length, Math.Min(bytes.Length - length, limit + 1 - length));
                if (read == 0) return (bytes, length);
                length += read;
                if (length <= limit) continue;
                ArrayPool<byte>.Shared.Return(bytes);
                return (null, -1);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    private static byte[] Grow(byte[] bytes, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        bytes.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        return larger;
    }

    private static bool Is(string coding, string name) => coding.Equals(name, StringComparison.OrdinalIgnoreCase);
}
