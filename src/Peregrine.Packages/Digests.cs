using System.Buffers;
using System.Security.Cryptography;

namespace Peregrine.Packages;

/// <summary>SHA-256 digests, written as 64 lower-case hex digits everywhere.</summary>
public static class Digests
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Hashes from the current position to the end.</summary>
    public static async Task<string> OfAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));

    public static bool IsValid(string? digest) =>
        digest is { Length: 64 } && !digest.AsSpan().ContainsAnyExcept(HexDigits);
}
