using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;

namespace Peregrine.Designing.ApiServices.Access;

/// <summary>What a key set (RFC 7517) must be to go into packages: public, and with a key that a node can use.</summary>
internal static class JwksRules
{
    private const int SmallestModulus = 2048 / 8;

    /// <summary>Members of a JSON Web Key that are secret (RFC 7518, 6.2.2, 6.3.2 and 6.4).</summary>
    private static readonly string[] s_secrets = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>What is wrong, never with the content of a key; null when all is in order.</summary>
    public static (string Code, string Message)? Fault(JsonNode jwks)
    {
        if (jwks is not JsonObject set || set["keys"] is not JsonArray keys)
            return ("BadKeySet", "This is no set of keys. Give an object with the list 'keys', as RFC 7517 has it.");
        for (var at = 0; at < keys.Count; at++)
            if (keys[at] is JsonObject key && Array.Find(s_secrets, key.ContainsKey) is { } secret)
                return ("SecretKey", $"Key {at + 1} has the member '{secret}', which is secret and must not leave the issuer. Give its public part only.");
        return keys.OfType<JsonObject>().Any(IsUsable)
            ? null
            : ("NoUsableKey", "No key of this set can check a token. Give an RSA key of 2,048 bits or more, or an EC key on P-256 or P-384, for signatures.");
    }

    private static bool IsUsable(JsonObject key) => key.String("use") is null or "sig" && key.String("kty") switch
    {
        "RSA" => Length(key, "n") >= SmallestModulus && Length(key, "e") > 0,
        "EC" => key.String("crv") is "P-256" or "P-384" && Length(key, "x") > 0 && Length(key, "y") > 0,
        _ => false,
    };

    /// <summary>Bytes of a base64url member, without leading zeros; 0 when it is none.</summary>
    private static int Length(JsonObject key, string member)
    {
        if (key.String(member) is not { } text || !Base64Url.IsValid(text)) return 0;
        return Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(text)).AsSpan().TrimStart((byte)0).Length;
    }
}
