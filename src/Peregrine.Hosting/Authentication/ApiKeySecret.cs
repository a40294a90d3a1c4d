using System.Buffers.Text;
using System.Security.Cryptography;

namespace Peregrine.Hosting.Authentication;

/// <summary>Makes the keys that callers present.</summary>
public static class ApiKeySecret
{
    /// <summary>Starts every generated key, so that scanners for leaked secrets can find them.</summary>
    public const string Prefix = "pgn_";

    /// <summary>256 random bits as 43 letters, digits, <c>-</c> and <c>_</c> after the prefix: safe in headers, URLs and shells.</summary>
    public static string Create()
    {
        Span<byte> random = stackalloc byte[32];
        RandomNumberGenerator.Fill(random);
        return Prefix + Base64Url.EncodeToString(random);
    }
}
