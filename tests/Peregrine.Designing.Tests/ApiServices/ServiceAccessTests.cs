using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Designing.Tests.Support;
using Peregrine.Hosting.Authentication;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Manifests;

namespace Peregrine.Designing.Tests.ApiServices;

public sealed class ServiceAccessTests(TrainedNode trained) : IClassFixture<TrainedNode>
{
    private readonly DesignNode _node = trained.Node;

    [Fact]
    public async Task Key_WithEndAndEndpoints_IsListedAndPackaged()
    {
        var service = await _node.CreateServiceAsync("scoped", trained.SavedModel);
        await _node.PutAsync($"{service}/authorization", new JsonObject { ["authMethod"] = "API_KEYS" });
        var end = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddDays(90).ToUnixTimeMilliseconds());
        var made = await _node.PostAsync($"{service}/keys", $$"""{"label":"shop","expiry":{{end.ToUnixTimeMilliseconds()}},"endpoints":["score"]}""");
        await _node.PostAsync($"{service}/keys", """{"label":"by date","expiry":"2099-01-31"}""");

        var keys = await _node.ListAsync($"{service}/keys");
        keys.Select(key => $"{key!["label"]} {key["state"]} {key["expiry"]} {key["endpoints"]?.ToJsonString()}").ShouldBe(
            [$"shop active {end.ToUnixTimeMilliseconds()} [\"score\"]", "by date active 4073500800000 "]);
        DateTimeOffset.FromUnixTimeMilliseconds((long)keys[0]!["createdOn"]!).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        keys.ToJsonString().ShouldNotContain((string)made["secret"]!);

        // Settings sent back whole, and the members of one key left out, keep what the key opens.
        var settings = await _node.GetAsync($"{service}/settings");
        settings["authRealm"]!["queryKeys"]![0]!.AsObject().Remove("endpoints");
        await _node.PutAsync($"{service}/settings", settings);
        var authorization = await PackagedAsync(service);
        var packaged = authorization.Keys.Single(key => key.Label == "shop");
        (packaged.Hash, packaged.Expiry, packaged.Endpoints).ShouldBe((ApiKeyHash.Of((string)made["secret"]!).ToString(), end, packaged.Endpoints));
        packaged.Endpoints.ShouldBe(["score"]);
    }

    [Theory]
    [InlineData("""{"expiry":1000}""", "/expiry", "in the past")]
    [InlineData("""{"expiry":"someday"}""", "/expiry", "milliseconds since 1970")]
    [InlineData("""{"endpoints":[]}""", "/endpoints", "open nothing")]
    [InlineData("""{"endpoints":["scoer"]}""", "/endpoints", "it has: score")]
    [InlineData("""{"endpoints":"score"}""", "/endpoints", "a list of texts")]
    [InlineData("""{"label":7}""", "/label", "a text")]
    public async Task Key_ThatWouldNotDo_IsRefusedAtItsMember(string body, string pointer, string words)
    {
        var service = await _node.CreateServiceAsync($"refusing{Math.Abs(body.Length * 31 + words.Length)}", trained.SavedModel);
        var error = await _node.RefusedAsync(400, HttpMethod.Post, $"{service}/keys", body);
        error["errors"]!.AsArray().Select(item => (string?)item!["pointer"]).ShouldBe([pointer]);
        error["detailedMessage"]!.GetValue<string>().ShouldContain(words);
        (await _node.ListAsync($"{service}/keys")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_Rotated_LeavesTheOldOneForTheOverlapOnly()
    {
        var service = await _node.CreateServiceAsync("rotated", trained.SavedModel);
        await _node.PutAsync($"{service}/authorization", new JsonObject { ["authMethod"] = "API_KEYS" });
        var old = await _node.PostAsync($"{service}/keys", """{"label":"shop","endpoints":["score"]}""");
        var soon = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds();
        var brief = await _node.PostAsync($"{service}/keys", $$"""{"label":"brief","expiry":{{soon}}}""");

        var now = DateTimeOffset.UtcNow;
        var next = await _node.PostAsync($"{service}/keys/{old["id"]}/actions/rotate", """{"overlapSeconds":3600}""");
        ((string)next["secret"]!).ShouldStartWith(ApiKeySecret.Prefix);
        ((string?)next["label"], (string?)next["replaces"], next["endpoints"]!.ToJsonString()).ShouldBe(("shop", (string?)old["id"], """["score"]"""));
        await _node.PostAsync($"{service}/keys/{brief["id"]}/actions/rotate");

        var keys = (await PackagedAsync(service)).Keys.ToDictionary(key => key.Id);
        keys.Count.ShouldBe(4);
        keys[(string)old["id"]!].Expiry!.Value.ShouldBe(now.AddHours(1), TimeSpan.FromMinutes(1));
        keys[(string)next["id"]!].Expiry.ShouldBeNull();
        keys[(string)brief["id"]!].Expiry!.Value.ToUnixTimeMilliseconds().ShouldBe(soon, "the key was to end before the overlap does");

        await _node.RefusedAsync(404, HttpMethod.Post, $"{service}/keys/none/actions/rotate");
        await _node.RefusedAsync(400, HttpMethod.Post, $"{service}/keys/{old["id"]}/actions/rotate", """{"overlapSeconds":-1}""");
    }

    [Fact]
    public async Task Endpoint_ThatAKeyIsFor_CannotBeTakenAwayUnnoticed()
    {
        var service = await _node.CreateServiceAsync("bound", trained.SavedModel);
        await _node.PostAsync($"{service}/keys", """{"label":"shop","endpoints":["score"]}""");
        var settings = await _node.GetAsync($"{service}/settings");
        settings["endpoints"]![0]!["id"] = "other";
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/settings", settings.ToJsonString());
        error["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/authRealm/queryKeys/0/endpoints");
    }

    [Fact]
    public async Task Settings_WithTheFewestMembersAboutTokens_AreCompletedAndPackaged()
    {
        var service = await _node.CreateServiceAsync("tokens", trained.SavedModel);
        var settings = new JsonObject
        {
            ["authMethod"] = "OAUTH2", ["endpoints"] = new JsonArray(new JsonObject { ["id"] = "score", ["type"] = "STD_PREDICTION", ["modelRef"] = trained.SavedModel }),
            ["oAuth2"] = new JsonObject { ["issuer"] = "https://login.example.com/", ["jwksUrl"] = "https://login.example.com/jwks" },
        };
        await _node.PutAsync($"{service}/settings", settings);
        (await _node.GetAsync($"{service}/authorization")).ToJsonString().ShouldBe(
            """{"authMethod":"OAUTH2","oAuth2":{"issuer":"https://login.example.com/","jwksUrl":"https://login.example.com/jwks","jwks":null,"audiences":null,"scopes":null,"scopeClaim":null,"claims":null,"clientIdClaim":null,"clockSkewSeconds":60}}""");

        // Member by member; null takes one away.
        var changes = """{"oAuth2":{"audiences":["fraud-api","cards"],"scopes":["score"],"claims":{"tenant":"eu"},"clientIdClaim":"azp","clockSkewSeconds":30}}""";
        await _node.PutAsync($"{service}/authorization", JsonNode.Parse(changes)!);
        await _node.PutAsync($"{service}/authorization", JsonNode.Parse("""{"oAuth2":{"clientIdClaim":null}}""")!);
        var authorization = await PackagedAsync(service);
        authorization.Method.ShouldBe(AuthorizationMethod.OAuth2);
        var rules = authorization.OAuth2.ShouldNotBeNull();
        (rules.Issuer, rules.JwksUrl, rules.Jwks, rules.ScopeClaim, rules.ClientIdClaim, rules.ClockSkewSeconds).ShouldBe(
            ("https://login.example.com/", "https://login.example.com/jwks", null, null, null, 30));
        rules.Audiences.ShouldBe(["fraud-api", "cards"]);
        rules.Scopes.ShouldBe(["score"]);
        rules.Claims!.ShouldBe(new Dictionary<string, string> { ["tenant"] = "eu" });
    }

    [Fact]
    public async Task Tokens_ByKeysInTheVersion_ArePackagedAndNeverSecretOnes()
    {
        var service = await _node.CreateServiceAsync("static", trained.SavedModel);
        using var rsa = RSA.Create(2048);
        var open = new JsonObject { ["kty"] = "RSA", ["n"] = Text(rsa.ExportParameters(false).Modulus!), ["e"] = "AQAB" };
        var withSecret = (JsonObject)open.DeepClone();
        withSecret["d"] = "c2VjcmV0";
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/authorization", Rules(withSecret));
        error["errors"]!.AsArray().Select(item => (string?)item!["code"]).ShouldBe(["SecretKey"]);
        error.ToJsonString().ShouldNotContain("c2VjcmV0");

        await _node.PutAsync($"{service}/authorization", JsonNode.Parse(Rules(open))!);
        (await PackagedAsync(service)).OAuth2!.Jwks!.Value.GetProperty("keys")[0].GetProperty("n").GetString().ShouldBe((string?)open["n"]);

        using var small = RSA.Create(1024);
        var weak = new JsonObject { ["kty"] = "RSA", ["n"] = Text(small.ExportParameters(false).Modulus!), ["e"] = "AQAB" };
        (await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/authorization", Rules(weak)))["errors"]![0]!["code"]!.GetValue<string>().ShouldBe("NoUsableKey");

        static string Rules(JsonObject key) => new JsonObject
        {
            ["authMethod"] = "OAUTH2",
            ["oAuth2"] = new JsonObject { ["issuer"] = "https://login.example.com/", ["jwks"] = new JsonObject { ["keys"] = new JsonArray(key.DeepClone()) } },
        }.ToJsonString();

        static string Text(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    [Theory]
    [InlineData("""{"authMethod":"OAUTH2"}""", "/oAuth2/issuer /oAuth2/jwksUrl")]
    [InlineData("""{"authMethod":"OAUTH2","oAuth2":{"issuer":"i","jwksUrl":"http://login.example.com/jwks"}}""", "/oAuth2/jwksUrl")]
    [InlineData("""{"authMethod":"OAUTH2","oAuth2":{"issuer":"i","jwksUrl":"https://i/jwks","audience":"fraud"}}""", "/oAuth2/audience")]
    [InlineData("""{"authMethod":"OAUTH2","oAuth2":{"issuer":"i","jwksUrl":"https://i/jwks","audiences":[]}}""", "/oAuth2/audiences")]
    [InlineData("""{"authMethod":"OAUTH2","oAuth2":{"issuer":"i","jwksUrl":"https://i/jwks","scopes":"score"}}""", "/oAuth2/scopes")]
    [InlineData("""{"authMethod":"OAUTH2","oAuth2":{"issuer":"i","jwksUrl":"https://i/jwks","clockSkewSeconds":601}}""", "/oAuth2/clockSkewSeconds")]
    [InlineData("""{"authMethod":"OAUTH2","oAuth2":{"issuer":"i","jwksUrl":"https://i/jwks","claims":{"tenant":1}}}""", "/oAuth2/claims")]
    [InlineData("""{"authMethod":"OAUTH2","oAuth2":{"issuer":"i","jwks":{"keys":[]}}}""", "/oAuth2/jwks")]
    [InlineData("""{"oAuth2":{"issuer":5}}""", "/oAuth2/issuer")]
    [InlineData("""{"oAuth2":null}""", "/oAuth2")]
    [InlineData("""{"authMethod":"NTLM"}""", "/authMethod")]
    [InlineData("""{"method":"PUBLIC"}""", "/method")]
    public async Task Tokens_ByRulesThatWouldNotDo_AreRefusedAtTheirMembers(string body, string pointers)
    {
        var service = await _node.CreateServiceAsync($"rules{(uint)body.GetHashCode(StringComparison.Ordinal)}", trained.SavedModel);
        var before = (await _node.GetAsync($"{service}/authorization")).ToJsonString();
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/authorization", body);
        string.Join(' ', error["errors"]!.AsArray().Select(item => (string?)item!["pointer"])).ShouldBe(pointers);
        (await _node.GetAsync($"{service}/authorization")).ToJsonString().ShouldBe(before);
    }

    private async Task<ServiceAuthorization> PackagedAsync(string service)
    {
        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        using var download = await _node.SendAsync(HttpMethod.Get, $"{service}/packages/v1/archive");
        using var reader = PackageReader.Open(new MemoryStream(await download.Content.ReadAsByteArrayAsync()));
        return reader.Manifest.Authorization;
    }
}
