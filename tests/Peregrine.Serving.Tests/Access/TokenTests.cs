using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Hosting.Authentication;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Access;
using Peregrine.Serving.Access.Tokens;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.Access;

public sealed class TokenTests
{
    private const string Body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    public async Task Token_OfEachAlgorithm_OpensTheServiceAndIsLoggedByItsClient(string algorithm)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var node = await StartAsync(issuer);
        var token = issuer.Token(algorithm, TestIssuer.Claims(DateTimeOffset.UtcNow));
        await using var connection = await RawConnection.OpenAsync(node);
        for (var i = 0; i < 3; i++) (await connection.PredictAsync(Body, $"Authorization: Bearer {token}")).ShouldBe(200);
        (await PredictAsync(node, token)).ShouldSucceed();
        issuer.Fetches.ShouldBe(1);
        await ShouldSoonAsync(() => Task.FromResult(LogOf(node).Contains("\"oauth2:checkout\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Token_WithoutKeyId_IsCheckedByTheKeysOfItsAlgorithm()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var node = await StartAsync(issuer);
        (await PredictAsync(node, issuer.Token("ES384", TestIssuer.Claims(DateTimeOffset.UtcNow), kid: ""))).ShouldSucceed();
    }

    [Fact]
    public async Task Forged_TokensAreRefused()
    {
        await using var issuer = await TestIssuer.StartAsync();
        using var stranger = System.Security.Cryptography.RSA.Create(2048);
        using var small = System.Security.Cryptography.RSA.Create(1024);
        issuer.Keys.Add((JsonNode)new JsonObject { ["kty"] = "oct", ["kid"] = "shared", ["alg"] = "HS256", ["k"] = TestIssuer.Base64("a secret of thirty-two bytes len."u8.ToArray()) });
        issuer.Keys.Add((JsonNode)TestIssuer.RsaKey("small", small));
        var pss = TestIssuer.RsaKey("pss-only", issuer.Rsa);
        pss["alg"] = "PS256";
        issuer.Keys.Add((JsonNode)pss);
        await using var node = await StartAsync(issuer);
        var claims = TestIssuer.Claims(DateTimeOffset.UtcNow);
        byte[] BySmall(byte[] input) => small.SignData(input, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        byte[] ByStranger(byte[] input) => stranger.SignData(input, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        Func<byte[], byte[]> Hmac(byte[] secret) => input => System.Security.Cryptography.HMACSHA256.HashData(secret, input);
        var good = issuer.Token("RS256", claims);
        var parts = good.Split('.');
        var half = $"{TestIssuer.Base64("""{"alg":"RS256","kid":"\ud800"}"""u8.ToArray())}.{parts[1]}";
        var forged = new Dictionary<string, string>
        {
            ["alg none, no signature"] = TestIssuer.Token("none", claims, "rsa", null, _ => []),
            ["alg None"] = TestIssuer.Token("None", claims, "rsa", null, _ => []),
            ["alg none, signature kept"] = TestIssuer.Token("none", claims, "rsa", null, input => issuer.Sign("RS256", input)),
            ["HS256 with the public key as PEM"] = TestIssuer.Token("HS256", claims, "rsa", null, Hmac(Encoding.UTF8.GetBytes(issuer.Rsa.ExportSubjectPublicKeyInfoPem()))),
            ["HS256 with the public key as DER"] = TestIssuer.Token("HS256", claims, "rsa", null, Hmac(issuer.Rsa.ExportSubjectPublicKeyInfo())),
            ["HS256 with the modulus"] = TestIssuer.Token("HS256", claims, "rsa", null, Hmac(issuer.Rsa.ExportParameters(false).Modulus!)),
            ["HS256 with a published symmetric key"] = TestIssuer.Token("HS256", claims, "shared", null, Hmac("a secret of thirty-two bytes len."u8.ToArray())),
            ["HS256 with an empty key"] = TestIssuer.Token("HS256", claims, "", null, Hmac([])),
            ["a stranger's key under a known id"] = TestIssuer.Token("RS256", claims, "rsa", null, ByStranger),
            ["a stranger's key without id"] = TestIssuer.Token("RS256", claims, "", null, ByStranger),
            ["a stranger's key carried along"] = TestIssuer.Token("RS256", claims, "mine", head => head["jwk"] = TestIssuer.RsaKey("mine", stranger), ByStranger),
            ["a stranger's key set pointed to"] = TestIssuer.Token("RS256", claims, "mine", head => head["jku"] = "http://127.0.0.1:9/jwks", ByStranger),
            ["key id as a path"] = TestIssuer.Token("HS256", claims, "../../../../dev/null", null, Hmac([])),
            ["key id as SQL"] = TestIssuer.Token("HS256", claims, "x' UNION SELECT 'k", null, Hmac("k"u8.ToArray())),
            ["another key's id"] = issuer.Token("RS256", claims, "p256"),
            ["RS256 by a key for PS256"] = issuer.Token("RS256", claims, "pss-only"),
            ["a key of 1,024 bits"] = TestIssuer.Token("RS256", claims, "small", null, BySmall),
            ["ES256 header over an RSA signature"] = TestIssuer.Token("ES256", claims, "p256", null, input => issuer.Sign("RS256", input)),
            ["ES256 with a signature of zeros"] = TestIssuer.Token("ES256", claims, "p256", null, _ => new byte[64]),
            ["unknown critical header"] = issuer.Token("RS256", claims, null, head => head["crit"] = new JsonArray("exp")),
            ["changed payload"] = $"{parts[0]}.{TestIssuer.Base64(Encoding.UTF8.GetBytes(claims.ToJsonString().Replace("checkout", "somebody", StringComparison.Ordinal)))}.{parts[2]}",
            ["cut signature"] = good[..^8],
            ["no signature"] = $"{parts[0]}.{parts[1]}.",
            ["five parts"] = $"{good}.x.y",
            ["not a token"] = "ey.ey.ey",
            ["a claim twice"] = TestIssuer.Token(
                new JsonObject { ["alg"] = "RS256", ["kid"] = "rsa" }, claims.ToJsonString().Insert(1, "\"exp\":9999999999,"), input => issuer.Sign("RS256", input)),
            ["half of a surrogate pair in the header"] = $"{half}.{TestIssuer.Base64(issuer.Sign("RS256", Encoding.ASCII.GetBytes(half)))}",
            ["half of a surrogate pair in a claim"] = TestIssuer.Token(
                new JsonObject { ["alg"] = "RS256", ["kid"] = "rsa" }, claims.ToJsonString().Replace("\"checkout\"", "\"\\ud800\"", StringComparison.Ordinal), input => issuer.Sign("RS256", input)),
            ["too long"] = issuer.Token("RS256", new JsonObject(claims.DeepClone().AsObject().Select(claim => KeyValuePair.Create(claim.Key, claim.Value?.DeepClone())).Append(KeyValuePair.Create("pad", (JsonNode?)new string('x', 20_000))))),
        };
        (await PredictAsync(node, good)).ShouldSucceed();
        foreach (var (what, token) in forged)
        {
            var answer = await PredictAsync(node, token);
            answer.Status.ShouldBe(HttpStatusCode.Unauthorized, $"{what}: {answer.Text}");
            answer.ErrorType.ShouldBe("InvalidToken", what);
        }
    }

    [Fact]
    public async Task Claims_ThatTheRulesAskFor_AreChecked()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var node = await StartAsync(issuer, rules => rules with { Scopes = ["score"], Claims = new Dictionary<string, string> { ["tenant"] = "eu" } });
        var now = DateTimeOffset.UtcNow;
        async Task ShouldBeAsync(HttpStatusCode status, Action<JsonObject> change, string what)
        {
            var claims = TestIssuer.Claims(now);
            claims["tenant"] = "eu";
            change(claims);
            var answer = await PredictAsync(node, issuer.Token("ES256", claims));
            answer.Status.ShouldBe(status, $"{what}: {answer.Text}");
        }

        await ShouldBeAsync(HttpStatusCode.OK, _ => { }, "all there");
        await ShouldBeAsync(HttpStatusCode.OK, claims => claims["aud"] = new JsonArray("other", TestIssuer.Audience), "one audience of two");
        await ShouldBeAsync(HttpStatusCode.OK, claims => claims["scope"] = new JsonArray("score"), "scope as a list");
        await ShouldBeAsync(HttpStatusCode.OK, claims => { claims.Remove("scope"); claims["scp"] = "score"; }, "scope in scp");
        await ShouldBeAsync(HttpStatusCode.OK, claims => claims["exp"] = now.AddSeconds(-20).ToUnixTimeSeconds(), "just expired, within the skew of 30 s");
        await ShouldBeAsync(HttpStatusCode.OK, claims => claims["nbf"] = now.AddSeconds(20).ToUnixTimeSeconds(), "just not yet, within the skew");
        await ShouldBeAsync(HttpStatusCode.OK, claims => claims.Remove("nbf"), "no nbf");
        await ShouldBeAsync(HttpStatusCode.Unauthorized, claims => claims["exp"] = now.AddSeconds(-40).ToUnixTimeSeconds(), "expired");
        await ShouldBeAsync(HttpStatusCode.Unauthorized, claims => claims["nbf"] = now.AddSeconds(120).ToUnixTimeSeconds(), "not yet");
        await ShouldBeAsync(HttpStatusCode.Unauthorized, claims => claims["nbf"] = "0", "nbf as text");
        await ShouldBeAsync(HttpStatusCode.Unauthorized, claims => claims.Remove("exp"), "no exp");
        await ShouldBeAsync(HttpStatusCode.Unauthorized, claims => claims["exp"] = "9999999999", "exp as text");
        await ShouldBeAsync(HttpStatusCode.Unauthorized, claims => claims["iss"] = "https://issuer.test", "issuer without its slash");
        await ShouldBeAsync(HttpStatusCode.Unauthorized, claims => claims.Remove("iss"), "no issuer");
        await ShouldBeAsync(HttpStatusCode.Unauthorized, claims => claims["aud"] = "other-api", "another audience");
        await ShouldBeAsync(HttpStatusCode.Unauthorized, claims => claims.Remove("aud"), "no audience");
        await ShouldBeAsync(HttpStatusCode.Forbidden, claims => claims["scope"] = "read scores", "scope that only begins alike");
        await ShouldBeAsync(HttpStatusCode.Forbidden, claims => claims.Remove("scope"), "no scope");
        await ShouldBeAsync(HttpStatusCode.Forbidden, claims => claims["tenant"] = "us", "another tenant");
        await ShouldBeAsync(HttpStatusCode.Forbidden, claims => claims.Remove("tenant"), "no tenant");
    }

    [Fact]
    public async Task Claims_ThatTheRulesName_AreReadInsteadOfTheUsualOnes()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var node = await StartAsync(issuer, rules => rules with
        {
            Scopes = ["score"], ScopeClaim = "permissions", ClientIdClaim = "sub", ClockSkewSeconds = null, Claims = new Dictionary<string, string> { ["level"] = "7", ["staff"] = "true" },
        });
        var now = DateTimeOffset.UtcNow;
        async Task ShouldBeAsync(HttpStatusCode status, string what, Action<JsonObject> change)
        {
            var claims = TestIssuer.Claims(now);
            (claims["permissions"], claims["level"], claims["staff"]) = (new JsonArray("read", "score"), 7, true);
            change(claims);
            var answer = await PredictAsync(node, issuer.Token("ES256", claims));
            answer.Status.ShouldBe(status, $"{what}: {answer.Text}");
        }

        await ShouldBeAsync(HttpStatusCode.OK, "all there", claims => claims["sub"] = "user-8");
        await ShouldBeAsync(HttpStatusCode.OK, "a moment beyond the calendar", claims => claims["exp"] = 1e18);
        await ShouldBeAsync(HttpStatusCode.OK, "within the usual skew of a minute", claims => claims["exp"] = now.AddSeconds(-40).ToUnixTimeSeconds());
        await ShouldBeAsync(HttpStatusCode.Unauthorized, "beyond it", claims => claims["exp"] = now.AddSeconds(-70).ToUnixTimeSeconds());
        await ShouldBeAsync(HttpStatusCode.Unauthorized, "a moment before 1970", claims => claims["nbf"] = -5);
        await ShouldBeAsync(HttpStatusCode.Forbidden, "scope where it usually is", claims => { claims.Remove("permissions"); (claims["scope"], claims["scp"]) = ("score", "score"); });
        await ShouldBeAsync(HttpStatusCode.Forbidden, "another level", claims => claims["level"] = 70);
        await ShouldBeAsync(HttpStatusCode.Forbidden, "no staff", claims => claims["staff"] = false);
        await ShouldSoonAsync(() => Task.FromResult(LogOf(node).Contains("\"oauth2:user-8\"", StringComparison.Ordinal)));
        LogOf(node).ShouldNotContain("oauth2:checkout");
    }

    [Fact]
    public async Task Token_WhoseClientIdIsTooLong_IsLoggedByTheNextClaim()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var node = await StartAsync(issuer);
        var claims = TestIssuer.Claims(DateTimeOffset.UtcNow);
        (claims["azp"], claims["client_id"]) = (new string('x', 201), "till");
        (await PredictAsync(node, issuer.Token("ES256", claims))).ShouldSucceed();
        await ShouldSoonAsync(() => Task.FromResult(LogOf(node).Contains("\"oauth2:till\"", StringComparison.Ordinal)));
    }

    /// <summary>RFC 9110, 11.1: the scheme's case does not matter. Without a key id all keys of the algorithm are tried.</summary>
    [Fact]
    public async Task Token_OfALaterKeyWithoutIdAndUnderAnySpellingOfTheScheme_IsTaken()
    {
        await using var issuer = await TestIssuer.StartAsync();
        using var second = System.Security.Cryptography.RSA.Create(2048);
        issuer.Keys.Add((JsonNode)TestIssuer.RsaKey("rsa-2", second));
        await using var node = await StartAsync(issuer);
        var token = TestIssuer.Token("RS256", TestIssuer.Claims(DateTimeOffset.UtcNow), "", null,
            input => second.SignData(input, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1));
        foreach (var scheme in (string[])["bearer", "BEARER"])
            (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict", new StringContent(Body), new AuthenticationHeaderValue(scheme, token))).ShouldSucceed();
    }

    [Fact]
    public async Task Token_ThatExpires_StopsOnTheConnectionThatUsedIt()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var node = await StartAsync(issuer, clock: clock);
        var token = issuer.Token("RS256", TestIssuer.Claims(clock.GetUtcNow()));
        await using var connection = await RawConnection.OpenAsync(node);
        foreach (var (minutes, status) in new[] { (0, 200), (59, 200), (60, 200), (61, 401) })
        {
            clock.SetUtcNow(clock.Start.AddMinutes(minutes));
            (await connection.PredictAsync(Body, $"Authorization: Bearer {token}")).ShouldBe(status, $"after {minutes} min");
        }
    }

    [Fact]
    public async Task RotatedKeys_AreFetchedOnce_HoweverManyUnknownIdsAreAskedFor()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var node = await StartAsync(issuer, clock: clock);
        var claims = TestIssuer.Claims(clock.GetUtcNow());
        (await PredictAsync(node, issuer.Token("RS256", claims))).ShouldSucceed();
        lock (issuer.Keys) issuer.Keys.Add((JsonNode)TestIssuer.RsaKey("rsa-2", issuer.Rsa));
        clock.Advance(TimeSpan.FromSeconds(6));
        (await PredictAsync(node, issuer.Token("RS256", claims, "rsa-2"))).ShouldSucceed();
        issuer.Fetches.ShouldBe(2);
        for (var i = 0; i < 50; i++) (await PredictAsync(node, issuer.Token("RS256", claims, $"guess-{i}"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        issuer.Fetches.ShouldBe(2);
        clock.Advance(TimeSpan.FromSeconds(6));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PredictAsync(node, issuer.Token("RS256", claims, $"again-{i}"))));
        issuer.Fetches.ShouldBe(3);
    }

    [Fact]
    public async Task WithdrawnKey_StopsItsTokensAfterTheRefresh()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var node = await StartAsync(issuer, clock: clock);
        var byRsa = issuer.Token("RS256", TestIssuer.Claims(clock.GetUtcNow()));
        var byEc = issuer.Token("ES256", TestIssuer.Claims(clock.GetUtcNow()));
        await using var connection = await RawConnection.OpenAsync(node);
        (await connection.PredictAsync(Body, $"Authorization: Bearer {byRsa}")).ShouldBe(200);
        lock (issuer.Keys) issuer.Keys.RemoveAt(0);
        (await connection.PredictAsync(Body, $"Authorization: Bearer {byRsa}")).ShouldBe(200);
        clock.Advance(TimeSpan.FromMinutes(10));
        await ShouldSoonAsync(async () => await connection.PredictAsync(Body, $"Authorization: Bearer {byRsa}") == 401);
        (await PredictAsync(node, byEc)).ShouldSucceed();
    }

    [Fact]
    public async Task Outage_KeepsTheLastKeysUpToTheirAge_ThenAnswers503UntilTheIssuerIsBack()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var node = await StartAsync(issuer, clock: clock);
        string Fresh() => issuer.Token("RS256", TestIssuer.Claims(clock.GetUtcNow()));
        (await PredictAsync(node, Fresh())).ShouldSucceed();
        issuer.IsDown = true;
        clock.Advance(TimeSpan.FromHours(12));
        (await PredictAsync(node, Fresh())).ShouldSucceed();
        clock.Advance(TimeSpan.FromHours(11));
        (await PredictAsync(node, Fresh())).ShouldSucceed();
        clock.Advance(TimeSpan.FromHours(2));
        (await PredictAsync(node, Fresh())).ShouldFail(HttpStatusCode.ServiceUnavailable, "SigningKeysUnavailable");
        issuer.IsDown = false;
        clock.Advance(TimeSpan.FromSeconds(6));
        (await PredictAsync(node, Fresh())).ShouldSucceed();
    }

    [Fact]
    public async Task Issuer_ThatWasNeverReached_Is503WithRetryAfter_AndOtherServicesAnswer()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.IsDown = true;
        await using var node = await StartAsync(issuer);
        await using var connection = await RawConnection.OpenAsync(node);
        var (status, text) = await connection.AskAsync(Body, $"Authorization: Bearer {issuer.Token("RS256", TestIssuer.Claims(DateTimeOffset.UtcNow))}");
        status.ShouldBe(503);
        text.ShouldContain("Retry-After: 1");
        text.ShouldNotContain("WWW-Authenticate");
    }

    [Fact]
    public async Task Caller_WithoutTokenOrWithAKey_IsToldWhatToBring_AndAnAdminKeyMayTest()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var node = await StartAsync(issuer);
        await using var connection = await RawConnection.OpenAsync(node);
        var (status, text) = await connection.AskAsync(Body);
        status.ShouldBe(401);
        text.ShouldContain("WWW-Authenticate: Bearer realm=\"Peregrine\"");
        (await connection.PredictAsync(Body, $"Authorization: Bearer {TestPackage.Key}")).ShouldBe(401);
        (await connection.PredictAsync(Body, $"Authorization: Bearer {ApiNodeBuilder.AdminKey}")).ShouldBe(200);
        (await node.GetAsync("public/api/v1/fraud/openapi.json", ApiNodeBuilder.AdminKey)).ShouldSucceed().Json["components"]!["securitySchemes"]!["token"]!["bearerFormat"]!.GetValue<string>().ShouldBe("JWT");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, "public/api/v1/fraud/openapi.json"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token("PS256", TestIssuer.Claims(DateTimeOffset.UtcNow)));
        using var document = await node.Http.SendAsync(request);
        document.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_InThePackage_NeedNoServer()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var keys = JsonSerializer.SerializeToElement(new JsonObject { ["keys"] = issuer.Keys.DeepClone() });
        await using var node = await StartAsync(issuer, rules => rules with { JwksUrl = null, Jwks = keys });
        (await PredictAsync(node, issuer.Token("ES256", TestIssuer.Claims(DateTimeOffset.UtcNow)))).ShouldSucceed();
        (await PredictAsync(node, issuer.Token("ES256", TestIssuer.Claims(DateTimeOffset.UtcNow), "nosuch"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        issuer.Fetches.ShouldBe(0);
    }

    /// <summary>More tokens than there are places: one that was not seen is not taken for one that was.</summary>
    [Fact]
    public void Memory_OfManyTokens_KnowsEachByItsOwnHashAndBasis()
    {
        var (memory, basis) = (new TokenMemory(), new object());
        static ApiKeyHash Hash(int token) => ApiKeyHash.Of($"token {token}");
        for (var token = 0; token < 5_000; token++)
        {
            var grant = new Grant(CallerKey.Anyone, DateTimeOffset.MaxValue, null);
            memory.Remember(Hash(token), basis, grant);
            memory.Find(Hash(token), basis).ShouldBeSameAs(grant);
            memory.Find(Hash(token), new object()).ShouldBeNull();
        }

        for (var token = 5_000; token < 10_000; token++) memory.Find(Hash(token), basis).ShouldBeNull();
    }

    private static Task<TestNode> StartAsync(TestIssuer issuer, Func<ServiceOAuth2, ServiceOAuth2>? rules = null, TimeProvider? clock = null) => new ApiNodeBuilder()
        .WithServices(services =>
        {
            services.Configure<AccessOptions>(access => access.FailedAttempts = 0);
            if (clock is not null) services.AddSingleton(clock);
        })
        .WithService(package: new TestPackage { Authorization = issuer.Authorization(rules) }).StartAsync();

    private static Task<Answer> PredictAsync(TestNode node, string token) => node.SendAsync(
        HttpMethod.Post, "public/api/v1/fraud/score/predict", new StringContent(Body), new AuthenticationHeaderValue("Bearer", token));

    private static string LogOf(TestNode node) => string.Concat(Directory.EnumerateFiles(node.Folder, "queries-*.jsonl", SearchOption.AllDirectories).Select(Read));

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static async Task ShouldSoonAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await condition()) await Task.Delay(10, deadline.Token);
    }
}
