using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Peregrine.Serving.Access.Tokens;

namespace Peregrine.Fuzz.Targets;

/// <summary>Key sets: no key set, or public keys of the kinds and lengths that are taken, each with algorithms of its own family.</summary>
internal sealed class JwksTarget : IFuzzTarget
{
    public string Name => "jwks";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("jwks");

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words(
        "{", "}", "[", "]", ",", ":", "\"", "\"keys\":[", "\"kty\":\"RSA\"", "\"kty\":\"EC\"", "\"kty\":\"oct\"", "\"crv\":\"P-384\"", "\"use\":\"enc\"", "\"alg\":\"HS256\"", "\"alg\":\"RS256\"", "\"kid\":\"\\ud800\"",
        "\"key_ops\":[\"verify\"]", "\"key_ops\":[\"\\ud800\"]", "\"e\":\"AQAB\"", "\"e\":\"\"", "\"n\":\"AA\"", "AAAA", "=", "\\ud800", "null", "1");

    /// <summary>A point on a curve is checked by the platform.</summary>
    public long AllocationLimit(int inputLength) => 4 * 1024 * 1024 + 512L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        IReadOnlyList<SigningKey> keys;
        try
        {
            keys = JwksReader.Read(input.ToArray());
        }
        catch (JsonException)
        {
            return;
        }

        foreach (var key in keys) Check(key);
    }

    private static void Check(SigningKey key)
    {
        var family = key.Key switch { RsaSecurityKey => "RP", ECDsaSecurityKey => "E", _ => throw new FuzzFault($"A key of type {key.Key.GetType().Name}.") };
        if (key.Key is RsaSecurityKey { KeySize: < 2048 }) throw new FuzzFault($"A key of {key.Key.KeySize} bits.");
        if (key.Algorithms.Count == 0 || key.Algorithms.Any(algorithm => !family.Contains(algorithm[0], StringComparison.Ordinal))) throw new FuzzFault($"{string.Join(',', key.Algorithms)} for {key.Key.GetType().Name}.");
    }
}
