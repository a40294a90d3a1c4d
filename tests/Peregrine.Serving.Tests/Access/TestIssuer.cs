using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Packages.Manifests;

namespace Peregrine.Serving.Tests.Access;

/// <summary>An issuer of tokens with a real server for its keys. Signs by the platform's own cryptography, so the library that checks has no part in it.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Name = "https://issuer.test/";
    public const string Audience = "fraud-api";

    private readonly WebApplication _app;
    private int _fetches;

    private TestIssuer(WebApplication app) => _app = app;

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa P256 { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ECDsa P384 { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    /// <summary>What is published.</summary>
    public JsonArray Keys { get; } = [];

    /// <summary>Whether the server answers 503.</summary>
    public bool IsDown { get; set; }

    public int Fetches => Volatile.Read(ref _fetches);

    public string JwksUrl { get; private set; } = "";

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var issuer = new TestIssuer(app);
        app.MapGet("/jwks", issuer.Answer);
        await app.StartAsync();
        issuer.JwksUrl = $"{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/jwks";
        issuer.Keys.Add((JsonNode)RsaKey("rsa", issuer.Rsa));
        issuer.Keys.Add((JsonNode)EcKey("p256", issuer.P256, "P-256"));
        issuer.Keys.Add((JsonNode)EcKey("p384", issuer.P384, "P-384"));
        return issuer;
    }

    /// <summary>Authorization of a service by this issuer's tokens.</summary>
    public ServiceAuthorization Authorization(Func<ServiceOAuth2, ServiceOAuth2>? change = null)
    {
        var rules = new ServiceOAuth2 { Issuer = Name, JwksUrl = JwksUrl, Audiences = [Audience], ClockSkewSeconds = 30 };
        return new ServiceAuthorization { Method = AuthorizationMethod.OAuth2, OAuth2 = change is null ? rules : change(rules) };
    }

    public static JsonObject RsaKey(string kid, RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject { ["kty"] = "RSA", ["kid"] = kid, ["use"] = "sig", ["n"] = Base64(parameters.Modulus!), ["e"] = Base64(parameters.Exponent!) };
    }

    public static JsonObject EcKey(string kid, ECDsa key, string curve)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject { ["kty"] = "EC", ["kid"] = kid, ["crv"] = curve, ["x"] = Base64(point.X!), ["y"] = Base64(point.Y!) };
    }

    /// <summary>Good claims: for an hour from now.</summary>
    public static JsonObject Claims(DateTimeOffset now) => new()
    {
        ["iss"] = Name, ["aud"] = Audience, ["sub"] = "user-7", ["azp"] = "checkout", ["scope"] = "read score", ["exp"] = now.AddHours(1).ToUnixTimeSeconds(), ["nbf"] = now.ToUnixTimeSeconds(),
    };

    public string Token(string algorithm, JsonObject claims, string? kid = null, Action<JsonObject>? header = null) =>
        Token(algorithm, claims, kid ?? algorithm switch { "ES256" => "p256", "ES384" => "p384", _ => "rsa" }, header, input => Sign(algorithm, input));

    /// <param name="kid">Empty: none.</param>
    public static string Token(string algorithm, JsonObject claims, string kid, Action<JsonObject>? header, Func<byte[], byte[]> sign)
    {
        var head = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (kid.Length > 0) head["kid"] = kid;
        header?.Invoke(head);
        return Token(head, claims.ToJsonString(), sign);
    }

    public static string Token(JsonObject header, string payload, Func<byte[], byte[]> sign)
    {
        var input = $"{Base64(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64(Encoding.UTF8.GetBytes(payload))}";
        return $"{input}.{Base64(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    public byte[] Sign(string algorithm, byte[] input) => algorithm switch
    {
        "RS256" => Rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "RS384" => Rsa.SignData(input, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        "RS512" => Rsa.SignData(input, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        "PS256" => Rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        "PS384" => Rsa.SignData(input, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        "PS512" => Rsa.SignData(input, HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        "ES256" => P256.SignData(input, HashAlgorithmName.SHA256),
        "ES384" => P384.SignData(input, HashAlgorithmName.SHA384),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
    };

    public static string Base64(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Rsa.Dispose();
        P256.Dispose();
        P384.Dispose();
    }

    private IResult Answer()
    {
        Interlocked.Increment(ref _fetches);
        if (IsDown) return TypedResults.StatusCode((int)HttpStatusCode.ServiceUnavailable);
        lock (Keys) return TypedResults.Text(JsonSerializer.Serialize(new JsonObject { ["keys"] = Keys.DeepClone() }), "application/json");
    }
}
