using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Hosting.Authentication;
using Peregrine.Packages.Manifests;

namespace Peregrine.Serving.Tests.Access;

public sealed class ServiceKeyTests
{
    private const string Body = $$"""{"features":{{TestPackage.GoodFeatures}}}""";

    private static readonly DateTimeOffset s_start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task AddedKey_OpensAtOnce_IsToldOnceAndStoredAsHash()
    {
        await using var node = await Keyed().StartAsync();
        var made = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", """{"label":"checkout"}"""))!;
        var secret = (string)made["key"]!;
        secret.ShouldStartWith(ApiKeySecret.Prefix);
        (await node.PredictAsync(Body, key: secret)).ShouldSucceed();

        var listed = (await node.AdminAsync(HttpMethod.Get, "services/fraud/keys"))!.AsArray();
        listed.Select(key => (string?)key!["source"]).ShouldBe(["package", "node"]);
        ((string?)listed[1]!["id"]).ShouldBe((string?)made["id"]);
        ((string?)listed[1]!["label"]).ShouldBe("checkout");
        ((string?)listed[1]!["createdBy"]).ShouldBe(AdminKeyStore.PresetId);
        listed.ToJsonString().ShouldNotContain(secret);
        var file = await File.ReadAllTextAsync(Path.Combine(node.Folder, "services/fraud/keys.json"));
        file.ShouldNotContain(secret);
        file.ShouldContain(ApiKeyHash.Of(secret).ToString());
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(node.Folder, "services/fraud/keys.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task RevokedKey_OnAConnectionThatUsedIt_IsRefusedWithTheNextRequest()
    {
        await using var node = await Keyed().StartAsync();
        var made = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys"))!;
        await using var connection = await RawConnection.OpenAsync(node);
        for (var i = 0; i < 3; i++) (await connection.PredictAsync(Body, Basic((string)made["key"]!))).ShouldBe(200);
        await node.AdminAsync(HttpMethod.Delete, $"services/fraud/keys/{made["id"]}");
        (await connection.PredictAsync(Body, Basic((string)made["key"]!))).ShouldBe(401);
        (await connection.PredictAsync(Body, Basic(TestPackage.Key))).ShouldBe(200);
    }

    [Fact]
    public async Task RevokedPackageKey_StaysRefused_AfterARestartAndInTheNextVersion()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-keys-").FullName;
        try
        {
            await using (var node = await Keyed().On(directory).StartAsync())
            {
                (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
                await node.AdminAsync(HttpMethod.Delete, "services/fraud/keys/key-1");
                (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldFail(HttpStatusCode.Unauthorized, "KeyExpired");
            }

            await using var again = await new ApiNodeBuilder().On(directory).StartAsync();
            (await again.PredictAsync(Body, key: TestPackage.Key)).ShouldFail(HttpStatusCode.Unauthorized, "KeyExpired");
            await again.ImportAsync("fraud", new TestPackage { Version = "v2", Authorization = TestPackage.ByKey() }.Write());
            await again.SwitchAsync("v2");
            (await again.PredictAsync(Body, key: TestPackage.Key)).ShouldFail(HttpStatusCode.Unauthorized, "KeyExpired");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task ExpiringKey_OfNodeOrPackage_StopsAtItsTimeOnARememberedConnection()
    {
        var clock = new FakeTimeProvider(s_start);
        var packaged = new ServiceAuthorization
        {
            Method = AuthorizationMethod.ApiKeys,
            Keys = [new ServiceApiKey { Id = "k", Hash = ApiKeyHash.Of(TestPackage.Key).ToString(), Expiry = s_start.AddMinutes(5) }],
        };
        await using var node = await new ApiNodeBuilder().WithServices(services => services.AddSingleton<TimeProvider>(clock))
            .WithService(package: new TestPackage { Authorization = packaged }).StartAsync();
        var made = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", $$"""{"expiry":"{{s_start.AddMinutes(10):O}}"}"""))!;
        // One connection each: a header that changes from request to request is not remembered.
        await using var connection = await RawConnection.OpenAsync(node);
        await using var another = await RawConnection.OpenAsync(node);
        foreach (var (minutes, package, own) in new[] { (0, 200, 200), (4, 200, 200), (5, 401, 200), (9, 401, 200), (10, 401, 401) })
        {
            clock.SetUtcNow(s_start.AddMinutes(minutes));
            (await connection.PredictAsync(Body, Basic(TestPackage.Key))).ShouldBe(package, $"package key after {minutes} min");
            (await another.PredictAsync(Body, Basic((string)made["key"]!))).ShouldBe(own, $"node key after {minutes} min");
        }
    }

    [Fact]
    public async Task Rotation_OldAndNewWorkTogether_UntilTheOverlapEnds()
    {
        var clock = new FakeTimeProvider(s_start);
        await using var node = await Keyed().WithServices(services => services.AddSingleton<TimeProvider>(clock)).StartAsync();
        var first = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", """{"label":"shop"}"""))!;
        var second = (await node.AdminAsync(HttpMethod.Post, $"services/fraud/keys/{first["id"]}/actions/rotate", """{"overlapSeconds":3600}"""))!;
        var third = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys/key-1/actions/rotate", """{"overlapSeconds":0}"""))!;
        ((string?)second["label"]).ShouldBe("shop");
        ((string?)second["replaces"]).ShouldBe((string?)first["id"]);
        (await node.PredictAsync(Body, key: (string?)first["key"])).ShouldSucceed();
        (await node.PredictAsync(Body, key: (string?)second["key"])).ShouldSucceed();
        (await node.PredictAsync(Body, key: (string?)third["key"])).ShouldSucceed();
        (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldFail(HttpStatusCode.Unauthorized, "KeyExpired");
        clock.Advance(TimeSpan.FromHours(1));
        (await node.PredictAsync(Body, key: (string?)first["key"])).ShouldFail(HttpStatusCode.Unauthorized, "KeyExpired");
        (await node.PredictAsync(Body, key: (string?)second["key"])).ShouldSucceed();
    }

    [Fact]
    public async Task ScopedKey_OpensItsEndpointsOnly()
    {
        await using var node = await Keyed().WithGeneration(new TestPackage { Version = "v2", Endpoint = "other", Authorization = TestPackage.ByKey() }).StartAsync();
        await node.MapAsync("""{"strategy":"RANDOM","entries":[{"generation":"v1","proba":0.5},{"generation":"v2","proba":0.5}]}""");
        var made = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", """{"endpoints":["score"]}"""))!;
        var key = (string?)made["key"];
        // A split may pick the generation without the endpoint: what counts is whether the key was the reason to refuse.
        (await node.PredictAsync(Body, key: key)).Status.ShouldNotBe(HttpStatusCode.Forbidden);
        (await node.PredictAsync(Body, "fraud/other/predict", key)).ShouldFail(HttpStatusCode.Forbidden, "KeyNotForEndpoint");
        (await node.PredictAsync(Body, "fraud//other/predict", key)).ShouldFail(HttpStatusCode.Forbidden, "KeyNotForEndpoint");
        (await node.PredictAsync(Body, "fraud/other/predict", TestPackage.Key)).Status.ShouldNotBe(HttpStatusCode.Forbidden);
        (await node.GetAsync("public/api/v1/fraud/openapi.json", key)).ShouldSucceed();
    }

    [Theory]
    [InlineData("""{"endpoints":["scor"]}""", "EndpointNotFound")]
    [InlineData("""{"endpoints":[]}""", "NoEndpoint")]
    [InlineData("""{"endpoints":"score"}""", "BadRequest")]
    [InlineData("""{"expiry":"2020-01-01T00:00:00Z"}""", "PastExpiry")]
    [InlineData("""{"expiry":"soon"}""", "BadRequest")]
    [InlineData("""{"expiry":99999999999999999}""", "BadRequest")]
    [InlineData("""{"label":7}""", "BadRequest")]
    public async Task AddKey_ThatMayNotBe_IsRefusedWithThePlace(string body, string errorType)
    {
        await using var node = await Keyed().StartAsync();
        var answer = await node.TryAdminAsync(HttpMethod.Post, "services/fraud/keys", body);
        answer.ShouldFail(HttpStatusCode.BadRequest, errorType).Json["errors"]!.AsArray().ShouldHaveSingleItem();
        (await node.AdminAsync(HttpMethod.Get, "services/fraud/keys"))!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Keys_OfUnknownServiceOrId_Are404()
    {
        await using var node = await Keyed().StartAsync();
        (await node.TryAdminAsync(HttpMethod.Get, "services/nosuch/keys")).ShouldFail(HttpStatusCode.NotFound, "ServiceNotFound");
        (await node.TryAdminAsync(HttpMethod.Post, "services/nosuch/keys", "{}")).ShouldFail(HttpStatusCode.NotFound, "ServiceNotFound");
        (await node.TryAdminAsync(HttpMethod.Delete, "services/fraud/keys/nosuch")).ShouldFail(HttpStatusCode.NotFound, "KeyNotFound");
        (await node.TryAdminAsync(HttpMethod.Post, "services/fraud/keys/nosuch/actions/rotate")).ShouldFail(HttpStatusCode.NotFound, "KeyNotFound");
    }

    [Fact]
    public async Task ServiceMadeAnew_HasNoneOfTheOldKeys()
    {
        await using var node = await Keyed().StartAsync();
        var made = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys"))!;
        await node.AdminAsync(HttpMethod.Delete, "services/fraud");
        await node.ImportAsync("fraud", new TestPackage { Authorization = TestPackage.ByKey() }.Write());
        await node.SwitchAsync("v1");
        (await node.PredictAsync(Body, key: (string?)made["key"])).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldSucceed();
    }

    [Fact]
    public async Task KeysOfADeployer_AreSetAllAtOnce_BesideThoseOfTheNodeAndThePackage()
    {
        await using var node = await Keyed().StartAsync();
        var own = (await node.AdminAsync(HttpMethod.Post, "services/fraud/keys", """{"label":"own"}"""))!;
        await node.AdminAsync(HttpMethod.Put, "services/fraud/keys", Deployed(("a", "key-a"), ("b", "key-b")));
        foreach (var key in new[] { "key-a", "key-b", (string)own["key"]!, TestPackage.Key }) (await node.PredictAsync(Body, key: key)).ShouldSucceed();

        var listed = (await node.AdminAsync(HttpMethod.Put, "services/fraud/keys", Deployed(("b", "key-b"))))!.AsArray();

        listed.Select(key => (string?)key!["source"]).ShouldBe(["package", "node", "deployer"]);
        (await node.PredictAsync(Body, key: "key-a")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var key in new[] { "key-b", (string)own["key"]!, TestPackage.Key }) (await node.PredictAsync(Body, key: key)).ShouldSucceed();
    }

    [Theory]
    [InlineData("""{"keys":[{"id":"a b","hash":"00","label":"a","createdOn":0}]}""", "/keys/0/id /keys/0/hash")]
    [InlineData("""{"keys":[{"id":"a","hash":"HASH","label":"a","createdOn":0,"endpoints":[]}]}""", "/keys/0/endpoints")]
    [InlineData("""{"keys":[{"id":"a","hash":"HASH","label":"a","createdOn":-1,"expiry":-1}]}""", "/keys/0/createdOn /keys/0/expiry")]
    [InlineData("""{"keys":[{"id":"a","hash":"HASH","label":"a","createdOn":0},{"id":"a","hash":"HASH","label":"a","createdOn":0}]}""", "/keys")]
    [InlineData("""{"keys":[null]}""", "/keys/0")]
    [InlineData("""{"keys":null}""", "/keys")]
    public async Task KeysOfADeployer_ThatMayNotBe_AreRefusedWithTheirPlaces_AndChangeNothing(string body, string pointers)
    {
        await using var node = await Keyed().StartAsync();
        await node.AdminAsync(HttpMethod.Put, "services/fraud/keys", Deployed(("a", "key-a")));

        var answer = await node.TryAdminAsync(HttpMethod.Put, "services/fraud/keys", body.Replace("HASH", ApiKeyHash.Of("x").ToString(), StringComparison.Ordinal));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        JsonNode.Parse(answer.Text)!["errors"]!.AsArray().Select(error => (string?)error!["pointer"]).ShouldBe(pointers.Split(' '));
        (await node.PredictAsync(Body, key: "key-a")).ShouldSucceed();
    }

    [Fact]
    public async Task DamagedKeyFile_RefusesKeysAndSaysSo_SinceARevokedOneMayBeAmongThem()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-keys-").FullName;
        try
        {
            await using (await Keyed().On(directory).StartAsync()) await File.WriteAllTextAsync(Path.Combine(directory, "services/fraud/keys.json"), "{\"formatVersion\":1,");
            await using var node = await new ApiNodeBuilder().On(directory).StartAsync();
            (await node.PredictAsync(Body, key: TestPackage.Key)).ShouldFail(HttpStatusCode.ServiceUnavailable, "KeysUnreadable");
            (await node.PredictAsync(Body, key: ApiNodeBuilder.AdminKey)).ShouldSucceed();
            (await node.GetAsync("readyz?verbose")).ShouldSucceed().Text.ShouldContain("keys of service fraud not taken up");
            (await node.TryAdminAsync(HttpMethod.Post, "services/fraud/keys")).ShouldFail(HttpStatusCode.Conflict, "KeysUnreadable");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("Basic", $"{TestPackage.Key}:", 200)]
    [InlineData("basic", $"{TestPackage.Key}:", 200)]
    [InlineData("Basic", $":{TestPackage.Key}", 200)]
    [InlineData("Basic", TestPackage.Key, 200)]
    [InlineData("Bearer", TestPackage.Key, 200)]
    [InlineData("Basic", $"user:{TestPackage.Key}", 401)]
    [InlineData("Basic", ":", 401)]
    [InlineData("Digest", TestPackage.Key, 401)]
    [InlineData("Bearer", "", 401)]
    public async Task Key_InEachFormOfTheWireContract_IsRead(string scheme, string credentials, int status)
    {
        await using var node = await Keyed().StartAsync();
        await using var connection = await RawConnection.OpenAsync(node);
        var value = scheme.Equals("basic", StringComparison.OrdinalIgnoreCase) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)) : credentials;
        for (var i = 0; i < 2; i++) (await connection.PredictAsync(Body, $"Authorization: {scheme} {value}")).ShouldBe(status);
    }

    [Fact]
    public async Task Key_AsTicketOrInTwoHeaders()
    {
        await using var node = await Keyed().StartAsync();
        await using var connection = await RawConnection.OpenAsync(node);
        (await connection.PredictAsync(Body, $"X-DKU-APITicket: {TestPackage.Key}")).ShouldBe(200);
        (await connection.PredictAsync(Body, Basic(TestPackage.Key), Basic(TestPackage.Key))).ShouldBe(401);
        (await connection.PredictAsync(Body, Basic("wrong"), Basic(TestPackage.Key))).ShouldBe(401);
    }

    private static ApiNodeBuilder Keyed() => new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() });

    private static string Basic(string key) => $"Authorization: {TestNode.Basic(key)}";

    private static string Deployed(params (string Id, string Key)[] keys) => new JsonObject
    {
        ["keys"] = new JsonArray([.. keys.Select(key => (JsonNode)new JsonObject { ["id"] = key.Id, ["hash"] = ApiKeyHash.Of(key.Key).ToString(), ["label"] = key.Id, ["createdOn"] = 0 })]),
    }.ToJsonString();
}
