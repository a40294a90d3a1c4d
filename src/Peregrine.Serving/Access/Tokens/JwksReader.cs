using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Peregrine.Serving.Access.Tokens;

/// <summary>Reads a JSON Web Key Set (RFC 7517): public RSA keys of at least 2,048 bits and EC keys on P-256 and P-384. All else is passed over, symmetric keys above all.</summary>
internal static class JwksReader
{
    private const int SmallestModulus = 2048 / 8;

    private static readonly string[] s_rsa =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
    ];

    /// <exception cref="JsonException">It is not a key set.</exception>
    public static IReadOnlyList<SigningKey> Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        try
        {
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("keys", out var list) && list.ValueKind == JsonValueKind.Array)
                return [.. list.EnumerateArray().Select(Key).OfType<SigningKey>()];
        }
        catch (InvalidOperationException notText)
        {
            throw new JsonException("A name in the key set is not Unicode.", notText);
        }

        throw new JsonException("A key set is an object with the list 'keys'.");
    }

    private static SigningKey? Key(JsonElement jwk)
    {
        try
        {
            if (jwk.ValueKind != JsonValueKind.Object || Text(jwk, "use") is not (null or "sig") || !IsForVerifying(jwk)) return null;
            return Text(jwk, "kty") switch { "RSA" => Rsa(jwk), "EC" => Ec(jwk), _ => null };
        }
        catch (Exception unusable) when (unusable is CryptographicException or FormatException or ArgumentException or InvalidOperationException)
        {
            // Of the last kind: text that is not Unicode.
            return null;
        }
    }

    private static bool IsForVerifying(JsonElement jwk) =>
        !jwk.TryGetProperty("key_ops", out var operations) || operations.ValueKind != JsonValueKind.Array
        || operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals("verify"));

    private static SigningKey? Rsa(JsonElement jwk)
    {
        if (Bytes(jwk, "n") is not { } modulus || Bytes(jwk, "e") is not { } exponent) return null;
        if (modulus.AsSpan().TrimStart((byte)0).Length < SmallestModulus) return null;
        var key = new RsaSecurityKey(new RSAParameters { Modulus = modulus, Exponent = exponent }) { KeyId = Text(jwk, "kid") };
        return For(jwk, key, s_rsa);
    }

    private static SigningKey? Ec(JsonElement jwk)
    {
        var (curve, algorithm) = Text(jwk, "crv") switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, SecurityAlgorithms.EcdsaSha256),
            "P-384" => (ECCurve.NamedCurves.nistP384, SecurityAlgorithms.EcdsaSha384),
            _ => (default, ""),
        };
        if (algorithm.Length == 0 || Bytes(jwk, "x") is not { } x || Bytes(jwk, "y") is not { } y) return null;
        var point = new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } };
        return For(jwk, new ECDsaSecurityKey(ECDsa.Create(point)) { KeyId = Text(jwk, "kid") }, [algorithm]);
    }

    /// <summary>A key that names its algorithm is for that one only.</summary>
    private static SigningKey? For(JsonElement jwk, SecurityKey key, string[] algorithms)
    {
        var named = Text(jwk, "alg");
        string[] allowed = named is null ? algorithms : [.. algorithms.Where(algorithm => algorithm == named)];
        return allowed.Length == 0 ? null : new SigningKey(key.KeyId, key, allowed);
    }

    private static byte[]? Bytes(JsonElement jwk, string member) => Text(jwk, member) is { Length: > 0 } text ? Base64UrlEncoder.DecodeBytes(text) : null;

    private static string? Text(JsonElement jwk, string member) =>
        jwk.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
