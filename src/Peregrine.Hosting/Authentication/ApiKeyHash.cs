using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Peregrine.Hosting.Authentication;

/// <summary>SHA-256 of an API key: what is stored and compared instead of the key.</summary>
/// <remarks>
/// A plain hash is enough because generated keys hold 256 random bits: there is nothing to guess, so salt and slow hashing would
/// only cost time on each request. Equality takes the same time wherever two hashes differ.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly struct ApiKeyHash : IEquatable<ApiKeyHash>
{
    public const int Size = 32;

    /// <summary>Longest key that is looked at, in UTF-8 bytes.</summary>
    public const int MaxKeyBytes = 1024;

    private readonly ulong _a, _b, _c, _d;

    private ApiKeyHash(ReadOnlySpan<byte> digest)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(digest);
        _b = BinaryPrimitives.ReadUInt64BigEndian(digest[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(digest[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(digest[24..]);
    }

    public static ApiKeyHash Of(ReadOnlySpan<byte> utf8Key)
    {
        Span<byte> digest = stackalloc byte[Size];
        SHA256.HashData(utf8Key, digest);
        return new ApiKeyHash(digest);
    }

    public static ApiKeyHash Of(string key) => Of(Encoding.UTF8.GetBytes(key));

    /// <param name="hex">64 hex digits.</param>
    public static bool TryParse([NotNullWhen(true)] string? hex, out ApiKeyHash hash)
    {
        hash = default;
        Span<byte> digest = stackalloc byte[Size];
        if (hex is null || hex.Length != 2 * Size || Convert.FromHexString(hex, digest, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        hash = new ApiKeyHash(digest);
        return true;
    }

    public bool Equals(ApiKeyHash other) =>
        ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ApiKeyHash other && Equals(other);

    public override int GetHashCode() => _a.GetHashCode();

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString() => $"{_a:x16}{_b:x16}{_c:x16}{_d:x16}";

    public static bool operator ==(ApiKeyHash left, ApiKeyHash right) => left.Equals(right);

    public static bool operator !=(ApiKeyHash left, ApiKeyHash right) => !left.Equals(right);
}
