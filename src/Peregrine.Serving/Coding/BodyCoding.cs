using System.Buffers;
using System.IO.Compression;

namespace Peregrine.Serving.Coding;

/// <summary>The content codings of bodies, whole ones in memory and streams: gzip, deflate and br.</summary>
internal static class BodyCoding
{
    public const string Gzip = "gzip";

    /// <summary>A zlib stream (RFC 9110, 8.4.1.2).</summary>
    public const string Deflate = "deflate";

    /// <summary>Brotli (RFC 7932).</summary>
    public const string Brotli = "br";

    public static bool IsKnown(string coding) => Is(coding, Gzip) || Is(coding, Deflate) || Is(coding, Brotli);

    /// <summary>
    /// Whether reading failed because the packed bytes are not of their coding. The platform says so of br by another exception than of gzip, and of deflate that wants a
    /// dictionary by one that it keeps to itself.
    /// </summary>
    public static bool IsMalformed(Exception fault) =>
        fault is InvalidDataException or InvalidOperationException || (fault is IOException && fault.GetType().Assembly == typeof(ZLibStream).Assembly);

    /// <summary>What a packed stream holds. For what reading throws when it is not of this coding see <see cref="IsMalformed"/>.</summary>
    public static Stream Unpack(Stream packed, string coding, bool leaveOpen = false)
    {
        if (Is(coding, Gzip)) return new GZipStream(packed, CompressionMode.Decompress, leaveOpen);
        return Is(coding, Deflate) ? new ZLibStream(packed, CompressionMode.Decompress, leaveOpen) : new BrotliStream(packed, CompressionMode.Decompress, leaveOpen);
    }

    /// <summary>Packs fast rather than small what is written to it.</summary>
    public static Stream Pack(Stream target, string coding)
    {
        if (Is(coding, Gzip)) return new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
        return Is(coding, Deflate) ? new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true) : new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true);
    }

    /// <summary>Unpacks a body.</summary>
    /// <param name="limit">Most bytes that it may unpack to.</param>
    /// <returns>Memory of the shared pool, to be given back, and how much of it is the body; null and -1 when it is larger than the limit.</returns>
    /// <exception cref="InvalidDataException">The body is not of this coding.</exception>
    public static unsafe (byte[]? Bytes, int Length) Decode(ReadOnlySpan<byte> body, string coding, int limit)
    {
        // Nothing has no address to read from.
        if (body.IsEmpty) return (ArrayPool<byte>.Shared.Rent(1), 0);
        fixed (byte* start = body)
        {
            using var packed = new UnmanagedMemoryStream(start, body.Length);
            using var unpacking = Unpack(packed, coding);
            try
            {
                return ReadAll(unpacking, body.Length, limit);
            }
            catch (Exception malformed) when (IsMalformed(malformed))
            {
                throw new InvalidDataException(malformed.Message, malformed);
            }
        }
    }

    public static byte[] Encode(ReadOnlySpan<byte> body, string coding)
    {
        using var packed = new MemoryStream(body.Length / 2);
        using (var packing = Pack(packed, coding)) packing.Write(body);
        return packed.ToArray();
    }

    /// <summary>The coding that a caller takes, or null: gzip before deflate before br, by what they cost; one with <c>q=0</c> is not taken.</summary>
    public static string? Choose(string? accepted)
    {
        if (string.IsNullOrEmpty(accepted)) return null;
        return Takes(accepted, Gzip) ? Gzip : Takes(accepted, Deflate) ? Deflate : Takes(accepted, Brotli) ? Brotli : null;
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
