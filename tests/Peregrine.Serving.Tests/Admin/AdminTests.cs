using System.Net;
using System.Net.Http.Headers;

namespace Peregrine.Serving.Tests.Admin;

public sealed class AdminTests
{
    [Theory]
    [InlineData("services")]
    [InlineData("keys")]
    [InlineData("metrics")]
    public async Task Admin_WithoutAKey_IsNeverOpen(string path)
    {
        await using var node = await new ApiNodeBuilder().StartAsync();
        (await node.GetAsync($"admin/api/{path}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.GetAsync($"admin/api/{path}", "wrong")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.GetAsync($"admin/api/{path}", ApiNodeBuilder.AdminKey)).ShouldSucceed();
    }

    [Fact]
    public async Task Admin_AServicesKey_DoesNotOpenIt()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        (await node.GetAsync("admin/api/services", TestPackage.Key)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("admin/api/services/")]
    [InlineData("admin/api/services")]
    [InlineData("/admin/api//services/")]
    public async Task CreateService_BothSlashForms_Creates(string path)
    {
        await using var node = await new ApiNodeBuilder().StartAsync();
        using var body = new ByteArrayContent("{\"serviceId\":\"fraud\"}"u8.ToArray());
        var created = await node.SendAsync(HttpMethod.Post, path, body, TestNode.Basic(ApiNodeBuilder.AdminKey));
        created.ShouldSucceed().Text.ShouldBe("{\"ok\":true}");
        var services = (await node.AdminAsync(HttpMethod.Get, "services"))!.AsArray();
        services.ShouldHaveSingleItem()!.ToJsonString().ShouldBe("""{"serviceId":"fraud","enabled":false}""");
    }

    [Theory]
    [InlineData("""{"serviceId":"../etc"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"serviceId":".hidden"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"serviceId":"a b"}""", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("""{"serviceId":"fraud"}""", HttpStatusCode.Conflict)]
    public async Task CreateService_ThatMayNotBe_IsRefused(string body, HttpStatusCode status)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.TryAdminAsync(HttpMethod.Post, "services", body)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Generations_BothSpellings_ListWhatTheClientReads()
    {
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(new TestPackage { Version = "v2" }).StartAsync();
        foreach (var path in (string[])["services/fraud/generations", "service/fraud/generations"])
        {
            var generations = (await node.AdminAsync(HttpMethod.Get, path))!["generations"]!.AsArray();
            generations.Count.ShouldBe(2);
            var mapped = generations.Single(one => (string?)one!["generation"] == "v1")!;
            ((string?)mapped["tag"]).ShouldBe("v1");
            ((bool?)mapped["mounted"]).ShouldBe(true);
            ((double?)mapped["mappedProba"]).ShouldBe(1);
            ((double?)mapped["mapped"]).ShouldBe(100);
            ((long?)mapped["createdOn"]).ShouldNotBeNull().ShouldBeGreaterThan(1_700_000_000_000);
            ((string?)mapped["digest"]).ShouldBe(TestPackage.DigestOf(new TestPackage().Write()));
        }
    }

    [Fact]
    public async Task Upload_AsTheClientsMultipart_Imports()
    {
        await using var node = await new ApiNodeBuilder().StartAsync();
        await node.AdminAsync(HttpMethod.Post, "services/", """{"serviceId":"fraud"}""");
        var package = new TestPackage().Write();
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(package);
        part.Headers.ContentDisposition = ContentDispositionHeaderValue.Parse("form-data; name=\"file\"; filename=\"/tmp/x/y.zip\"");
        form.Add(part);
        var answer = await node.SendAsync(
            HttpMethod.Post, $"admin/api/services/fraud/generations?digest={TestPackage.DigestOf(package)}", form, TestNode.Basic(ApiNodeBuilder.AdminKey));
        answer.ShouldSucceed().Text.ShouldBe($$"""{"ok":true,"generation":"v1","digest":"{{TestPackage.DigestOf(package)}}"}""");
        (await node.AdminAsync(HttpMethod.Get, $"packages/{TestPackage.DigestOf(package)}"))!["ok"]!.GetValue<bool>().ShouldBeTrue();
        (await node.TryAdminAsync(HttpMethod.Get, $"packages/{new string('0', 64)}")).ShouldFail(HttpStatusCode.NotFound, "PackageNotFound");
    }

    [Fact]
    public async Task Upload_OfAnotherDigestThanAnnounced_IsRefused()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.UploadAsync("fraud", new TestPackage { Version = "v2" }.Write(), $"?digest={new string('a', 64)}")).ShouldFail(HttpStatusCode.BadRequest, "DigestMismatch");
        await ShouldHaveOnlyTheFirstAsync(node);
    }

    [Fact]
    public async Task Upload_SameVersionAgain_IsGoodOnlyWithTheSameBytes()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.UploadAsync("fraud", new TestPackage().Write())).ShouldSucceed();
        (await node.UploadAsync("fraud", new TestPackage { Model = TestModels.Binary(bias: 1) }.Write())).ShouldFail(HttpStatusCode.Conflict, "GenerationExists");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Result.ShouldBe(new TestPackage().Expected(TestPackage.GoodFeatures));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(700)]
    public async Task Upload_OfATruncatedPackage_IsRefusedAndLeavesNothing(int length)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = await node.UploadAsync("fraud", new TestPackage { Version = "v2" }.Write()[..length]);
        ((int)answer.Status).ShouldBeInRange(400, 422);
        answer.Detail.Length.ShouldBeGreaterThan(20);
        await ShouldHaveOnlyTheFirstAsync(node);
    }

    [Fact]
    public async Task Upload_LargerThanTheLimit_Is413()
    {
        await using var node = await new ApiNodeBuilder().With(options => options.MaxPackageBytes = 1024).StartAsync();
        await node.AdminAsync(HttpMethod.Post, "services", """{"serviceId":"fraud"}""");
        (await node.UploadAsync("fraud", new TestPackage().Write())).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Upload_ToAnUnknownService_Is404()
    {
        await using var node = await new ApiNodeBuilder().StartAsync();
        (await node.UploadAsync("fraud", [])).ShouldFail(HttpStatusCode.NotFound, "ServiceNotFound");
    }

    [Theory]
    [InlineData("""{"entries":[{"generation":"v1","proba":0.9}]}""", "sum to 0.9")]
    [InlineData("""{"entries":[]}""", "at least one")]
    [InlineData("""{"entries":[{"generation":"v1","proba":2},{"generation":"v2","proba":-1}]}""", "from 0 to 1")]
    [InlineData("""{"mapping":1}""", "entries")]
    public async Task SetMapping_ThatIsNotSound_IsRefusedWithTheReason(string mapping, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(new TestPackage { Version = "v2" }).StartAsync();
        var answer = await node.TryAdminAsync(HttpMethod.Post, "services/fraud/actions/setMapping", mapping);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer.Detail.ShouldContain(words);
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
    }

    [Fact]
    public async Task Disable_ThenEnable_StopsAndGoesOn()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/disable");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldFail(HttpStatusCode.ServiceUnavailable, "ServiceNotServing").Detail.ShouldContain("disabled");
        await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/enable");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
    }

    [Fact]
    public async Task Delete_OfAServiceOrGeneration_RemovesItFromTheDisk()
    {
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(new TestPackage { Version = "v2" }).StartAsync();
        (await node.TryAdminAsync(HttpMethod.Delete, "services/fraud/generations/v1")).ShouldFail(HttpStatusCode.Conflict, "GenerationInUse");
        await node.AdminAsync(HttpMethod.Delete, "services/fraud/generations/v2");
        File.Exists(Path.Combine(node.Folder, "services/fraud/generations/v2.zip")).ShouldBeFalse();
        await node.AdminAsync(HttpMethod.Delete, "services/fraud");
        Directory.Exists(Path.Combine(node.Folder, "services/fraud")).ShouldBeFalse();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldFail(HttpStatusCode.NotFound, "ServiceNotFound");
        await node.AdminAsync(HttpMethod.Post, "services", """{"serviceId":"fraud"}""");
    }

    [Fact]
    public async Task CleanUnused_RemovesWhatNoMappingNames()
    {
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(new TestPackage { Version = "v2" }).StartAsync();
        await node.AdminAsync(HttpMethod.Post, "services", """{"serviceId":"empty"}""");
        var cleaned = await node.AdminAsync(HttpMethod.Delete, "services-clean-unused");
        cleaned!["deletedGenerations"]!.ToJsonString().ShouldBe("[\"fraud/v2\"]");
        cleaned["deletedServices"]!.ToJsonString().ShouldBe("[\"empty\"]");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
    }

    [Fact]
    public async Task Keys_AddUseListDelete_TellTheSecretOnce()
    {
        await using var node = await new ApiNodeBuilder().StartAsync();
        var made = await node.AdminAsync(HttpMethod.Post, "keys", """{"label":"ci","description":null,"createdBy":"me","expiry":null}""");
        var secret = (string)made!["key"]!;
        (await node.GetAsync("admin/api/services", secret)).ShouldSucceed();
        var listed = await node.AdminAsync(HttpMethod.Get, "keys");
        listed!.AsArray().Select(key => (string?)key!["label"]).ShouldContain("ci");
        listed.ToJsonString().ShouldNotContain(secret);
        (await File.ReadAllTextAsync(Path.Combine(node.Folder, "keys.json"))).ShouldNotContain(secret);
        await node.AdminAsync(HttpMethod.Delete, $"keys/{(string?)made["id"]}/key");
        (await node.GetAsync("admin/api/services", secret)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.TryAdminAsync(HttpMethod.Delete, "keys/nothing")).ShouldFail(HttpStatusCode.NotFound, "KeyNotFound");
    }

    [Fact]
    public async Task Keys_WithExpiry_StopThen()
    {
        await using var node = await new ApiNodeBuilder().StartAsync();
        var made = await node.AdminAsync(HttpMethod.Post, "keys", """{"label":"old","expiry":"2020-01-01T00:00:00Z"}""");
        (await node.GetAsync("admin/api/services", (string)made!["key"]!)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.TryAdminAsync(HttpMethod.Post, "keys", """{"label":"x","expiry":"soon"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task ImportFromArchive_WithoutAllowedFolders_Is403WithHowToAllow()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = await node.TryAdminAsync(HttpMethod.Post, "services/fraud/generations/actions/importFromArchive?filePath=/etc/passwd");
        answer.ShouldFail(HttpStatusCode.Forbidden, "ImportForbidden").Detail.ShouldContain("Serving:ImportFolders");
    }

    [Fact]
    public async Task ImportFromArchive_UnderAnAllowedFolder_ImportsAndNothingElse()
    {
        var allowed = Directory.CreateTempSubdirectory("peregrine-import-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(allowed, "v2.zip"), new TestPackage { Version = "v2" }.Write());
            File.CreateSymbolicLink(Path.Combine(allowed, "link.zip"), "/etc/passwd");
            await using var node = await new ApiNodeBuilder().WithService().With(options => options.ImportFolders.Add(allowed)).StartAsync();
            Task<Answer> ImportAsync(string file) =>
                node.TryAdminAsync(HttpMethod.Post, $"services/fraud/generations/actions/importFromArchive?filePath={Uri.EscapeDataString(Path.Combine(allowed, file))}");
            (await ImportAsync("v2.zip")).ShouldSucceed();
            (await ImportAsync("../../etc/passwd")).ShouldFail(HttpStatusCode.Forbidden, "ImportForbidden");
            (await ImportAsync("link.zip")).ShouldFail(HttpStatusCode.Forbidden, "ImportForbidden");
            (await ImportAsync("nothing.zip")).Status.ShouldBe(HttpStatusCode.NotFound);
            await node.SwitchAsync("v2");
            File.Exists(Path.Combine(allowed, "v2.zip")).ShouldBeTrue();
        }
        finally
        {
            Directory.Delete(allowed, recursive: true);
        }
    }

    [Fact]
    public async Task Metrics_AfterRequests_CountByOutcomeAndTellPercentiles()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        for (var i = 0; i < 5; i++) (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        await node.PredictFeaturesAsync("{}");
        var endpoints = (await node.AdminAsync(HttpMethod.Get, "metrics"))!["endpoints"]!.AsArray();
        var endpoint = endpoints.Single(one => (string?)one!["generation"] == "v1")!;
        ((long?)endpoint["requests"]!["ok"]).ShouldBe(5);
        ((long?)endpoint["requests"]!["invalid"]).ShouldBe(1);
        ((long?)endpoint["rows"]).ShouldBe(5);
        ((double?)endpoint["latencyMs"]!["p99"]).ShouldNotBeNull().ShouldBeGreaterThan(0);
        var page = (await node.GetAsync("metrics")).ShouldSucceed().Text;
        page.ShouldContain("peregrine_inference_requests_total{");
        page.ShouldContain("outcome=\"invalid\"");
        page.ShouldContain("peregrine_inference_duration_seconds_bucket{");
        page.ShouldContain("le=\"0.0001\"");
        page.ShouldContain("peregrine_querylog_dropped_total{");
    }

    [Fact]
    public async Task CodeEnvironmentCalls_SayThatTheyAreNotNeeded()
    {
        await using var node = await new ApiNodeBuilder().StartAsync();
        (await node.TryAdminAsync(HttpMethod.Post, "cached-code-envs?fileDir=x&language=python")).ShouldFail(HttpStatusCode.NotImplemented, "NotImplemented");
        (await node.AdminAsync(HttpMethod.Delete, "cached-code-envs"))!["ok"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static async Task ShouldHaveOnlyTheFirstAsync(TestNode node)
    {
        (await node.AdminAsync(HttpMethod.Get, "services/fraud"))!["generations"]!.AsArray().Count.ShouldBe(1);
        Directory.GetFiles(Path.Combine(node.Folder, "services/fraud/generations")).Select(Path.GetFileName).ShouldBe(["v1.zip"]);
    }
}
