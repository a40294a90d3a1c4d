using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Designing.Tests.Support;
using Peregrine.Hosting.Authentication;
using Peregrine.Packages.Archives;

namespace Peregrine.Designing.Tests.ApiServices;

public sealed class ApiServiceEndpointsTests(TrainedNode trained) : IClassFixture<TrainedNode>
{
    private readonly DesignNode _node = trained.Node;

    [Fact]
    public async Task Settings_OfAnEndpointWithTheFewestMembers_AreCompleted()
    {
        var service = await _node.CreateServiceAsync("fewest", trained.SavedModel);
        var settings = await _node.GetAsync($"{service}/settings");
        settings["authMethod"]!.GetValue<string>().ShouldBe("PUBLIC");
        var endpoint = settings["endpoints"]!.AsArray().Single()!;
        endpoint["unknownFeatures"]!.GetValue<string>().ShouldBe("REFUSE");
        endpoint["missingFeatures"]!.GetValue<string>().ShouldBe("REFUSE");
        endpoint["testQueries"].ShouldBeOfType<JsonArray>();
        (await _node.ListAsync("/dip/publicapi/projects/P/apiservices/")).ShouldContain(item => item!["id"]!.GetValue<string>() == "fewest");
    }

    [Fact]
    public async Task Settings_WithFaults_AreRefusedWithEveryPlace()
    {
        var service = await _node.CreateServiceAsync("faults", trained.SavedModel);
        var settings = await _node.GetAsync($"{service}/settings");
        settings["authMethod"] = "NTLM";
        settings["endpoints"]!.AsArray().Add((JsonNode)new JsonObject { ["id"] = "a b", ["type"] = "PY_FUNCTION" });
        settings["authRealm"]!["queryKeys"] = new JsonArray(new JsonObject { ["label"] = "short", ["key"] = "secret" });
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/settings", settings.ToJsonString());
        error["errors"]!.AsArray().Select(item => item!["pointer"]!.GetValue<string>()).ShouldBe(
            ["/authMethod", "/authRealm/queryKeys/0/key", "/endpoints/1/id", "/endpoints/1/type"], ignoreOrder: true);
        error["detailedMessage"]!.GetValue<string>().ShouldContain("STD_PREDICTION");
        (await _node.GetAsync($"{service}/settings"))["endpoints"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Settings_WithAModelThatIsNotThere_AreRefused()
    {
        var service = await _node.CreateServiceAsync("nomodel", trained.SavedModel);
        var settings = await _node.GetAsync($"{service}/settings");
        settings["endpoints"]![0]!["modelRef"] = "absent";
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/settings", settings.ToJsonString());
        error["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/endpoints/0/modelRef");
    }

    [Fact]
    public async Task Schema_OfAnEndpoint_IsChangedMemberByMemberAndPackaged()
    {
        var service = await _node.CreateServiceAsync("lenient", trained.SavedModel);
        var endpoint = (string)(await _node.GetAsync($"{service}/settings"))["endpoints"]![0]!["id"]!;
        (await _node.GetAsync($"{service}/endpoints/{endpoint}/schema")).ToJsonString().ShouldBe(
            """{"unknownFeatures":"REFUSE","missingFeatures":"REFUSE","wrongTypes":"REFUSE","convertedTypes":"IGNORE","outOfRange":"IGNORE","unseenCategories":"IGNORE","quiet":false}""");
        await _node.PutAsync($"{service}/endpoints/{endpoint}/schema", new JsonObject { ["outOfRange"] = "WARN", ["quiet"] = true });
        await _node.PutAsync($"{service}/endpoints/{endpoint}/schema", new JsonObject { ["missingFeatures"] = "COUNT" });
        (await _node.GetAsync($"{service}/settings"))["endpoints"]![0]!["outOfRange"]!.GetValue<string>().ShouldBe("WARN");

        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        using var download = await _node.SendAsync(HttpMethod.Get, $"{service}/packages/v1/archive");
        using var reader = PackageReader.Open(new MemoryStream(await download.Content.ReadAsByteArrayAsync()));
        var packaged = JsonNode.Parse(reader.Manifest.Endpoints[0].Settings.GetRawText())!;
        ((string?)packaged["outOfRange"], (string?)packaged["missingFeatures"], (string?)packaged["unknownFeatures"], (bool?)packaged["quiet"]).ShouldBe(("WARN", "COUNT", "REFUSE", true));
    }

    [Theory]
    [InlineData("""{"outOfRange":"MAYBE"}""", "REFUSE, WARN, COUNT or IGNORE")]
    [InlineData("""{"quiet":"yes"}""", "true or false")]
    [InlineData("""{"outOfRage":"WARN"}""", "'outOfRage' is no setting of this kind")]
    public async Task Schema_ThatIsNone_IsRefusedAndChangesNothing(string changes, string words)
    {
        var service = await _node.CreateServiceAsync($"refused{words.Length}", trained.SavedModel);
        var endpoint = (string)(await _node.GetAsync($"{service}/settings"))["endpoints"]![0]!["id"]!;
        var before = (await _node.GetAsync($"{service}/endpoints/{endpoint}/schema")).ToJsonString();
        (await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/endpoints/{endpoint}/schema", changes))["detailedMessage"]!.GetValue<string>().ShouldContain(words);
        (await _node.GetAsync($"{service}/endpoints/{endpoint}/schema")).ToJsonString().ShouldBe(before);
    }

    [Fact]
    public async Task Log_OfAnEndpoint_IsChangedMemberByMemberAndPackaged()
    {
        var service = await _node.CreateServiceAsync("logged", trained.SavedModel);
        var endpoint = (string)(await _node.GetAsync($"{service}/settings"))["endpoints"]![0]!["id"]!;
        (await _node.GetAsync($"{service}/endpoints/{endpoint}/log")).ToJsonString().ShouldBe("""{"postEnrichment":{"inAnswer":false,"inLog":false},"logColumns":[]}""");
        await _node.PutAsync($"{service}/endpoints/{endpoint}/log", JsonNode.Parse("""{"postEnrichment":{"inAnswer":true},"logColumns":[{"column":"x","action":"BUCKET","edges":[1,2.5]},{"column":"c*","in":"CONTEXT","action":"DROP"}]}""")!.AsObject());
        await _node.PutAsync($"{service}/endpoints/{endpoint}/log", JsonNode.Parse("""{"postEnrichment":{"inLog":true}}""")!.AsObject());
        const string Columns = """[{"column":"x","in":"ANY","action":"BUCKET","edges":[1,2.5]},{"column":"c*","in":"CONTEXT","action":"DROP"}]""";
        (await _node.GetAsync($"{service}/endpoints/{endpoint}/log")).ToJsonString().ShouldBe("""{"postEnrichment":{"inAnswer":true,"inLog":true},"logColumns":""" + Columns + "}");
        (await _node.GetAsync($"{service}/settings"))["endpoints"]![0]!["postEnrichment"]!["inLog"]!.GetValue<bool>().ShouldBeTrue();

        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        using var download = await _node.SendAsync(HttpMethod.Get, $"{service}/packages/v1/archive");
        using var reader = PackageReader.Open(new MemoryStream(await download.Content.ReadAsByteArrayAsync()));
        var packaged = JsonNode.Parse(reader.Manifest.Endpoints[0].Settings.GetRawText())!;
        packaged["postEnrichment"]!.ToJsonString().ShouldBe("""{"inAnswer":true,"inLog":true}""");
        packaged["logColumns"]!.AsArray().Select(rule => (string?)rule!["action"]).ShouldBe(["BUCKET", "DROP"]);
        packaged["logColumns"]![0]!["edges"]!.ToJsonString().ShouldBe("[1,2.5]");
        var answer = await _node.PostAsync($"{service}/endpoints/{endpoint}/test-queries/actions/generate?rows=1", "{}");
        answer.ShouldNotBeNull();
        (await _node.PostAsync($"{service}/endpoints/{endpoint}/test-queries/actions/run", "{}")).ToJsonString().ShouldContain("\"postEnrich\":{");
    }

    [Theory]
    [InlineData("""{"logColumns":[{"column":"x","action":"SHRED"}]}""", "/logColumns/0", "'action' is KEEP, HASH, BUCKET or DROP")]
    [InlineData("""{"logColumns":[{"column":"x","action":"DROP"},{"column":"x","action":"BUCKET"}]}""", "/logColumns/1", "give 1 to 1,000")]
    [InlineData("""{"logColumns":[{"column":"x","action":"BUCKET","edges":[2,1]}]}""", "/logColumns/0", "do not rise")]
    [InlineData("""{"logColumns":[{"column":"a*b","action":"DROP"}]}""", "/logColumns/0", "may only end a name")]
    [InlineData("""{"logColumns":[{"column":"x","action":"HASH","edges":[1]}]}""", "/logColumns/0", "does not bucket")]
    [InlineData("""{"logColumns":[{"column":"x","action":"HASH","in":"RESULT"}]}""", "/logColumns/0", "ANY, FEATURES or CONTEXT")]
    [InlineData("""{"logColumns":[{"column":"x","action":"HASH","salt":1}]}""", "/logColumns/0", "'salt'")]
    [InlineData("""{"logColumns":{}}""", "/logColumns", "not a list")]
    [InlineData("""{"postEnrichment":{"inAnswer":1}}""", "/postEnrichment/inAnswer", "true or false")]
    [InlineData("""{"postEnrichment":{"inMail":true}}""", "/postEnrichment/inMail", "inAnswer and inLog")]
    [InlineData("""{"postEnrichment":null}""", "/postEnrichment", "is an object")]
    [InlineData("""{"columns":[]}""", null, "'columns' is no setting of this kind")]
    public async Task Log_ThatIsNone_IsRefusedAndChangesNothing(string changes, string? pointer, string words)
    {
        var service = await _node.CreateServiceAsync($"log{words.Length}{changes.Length}", trained.SavedModel);
        var endpoint = (string)(await _node.GetAsync($"{service}/settings"))["endpoints"]![0]!["id"]!;
        var before = (await _node.GetAsync($"{service}/endpoints/{endpoint}/log")).ToJsonString();
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/endpoints/{endpoint}/log", changes);
        error["detailedMessage"]!.GetValue<string>().ShouldContain(words);
        if (pointer is not null) ((string?)error["errors"]![0]!["pointer"]).ShouldBe($"/endpoints/0{pointer}");
        (await _node.GetAsync($"{service}/endpoints/{endpoint}/log")).ToJsonString().ShouldBe(before);
    }

    [Fact]
    public async Task Log_OfAQuietEndpointThatTellsPreparedRecords_IsRefused()
    {
        var service = await _node.CreateServiceAsync("quietly", trained.SavedModel);
        var endpoint = (string)(await _node.GetAsync($"{service}/settings"))["endpoints"]![0]!["id"]!;
        await _node.PutAsync($"{service}/endpoints/{endpoint}/schema", new JsonObject { ["quiet"] = true });
        await _node.PutAsync($"{service}/endpoints/{endpoint}/log", JsonNode.Parse("""{"postEnrichment":{"inLog":true}}""")!.AsObject());
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/endpoints/{endpoint}/log", """{"postEnrichment":{"inAnswer":true}}""");
        ((string?)error["errors"]![0]!["pointer"]).ShouldBe("/endpoints/0/postEnrichment/inAnswer");
    }

    [Fact]
    public async Task Schema_OfAQuietEndpointThatExplains_IsRefused()
    {
        var service = await _node.CreateServiceAsync("explains", trained.SavedModel);
        var settings = await _node.GetAsync($"{service}/settings");
        settings["endpoints"]![0]!["explanations"]!["enabled"] = true;
        settings["endpoints"]![0]!["quiet"] = true;
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/settings", settings.ToJsonString());
        error["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/endpoints/0/quiet");
    }

    [Fact]
    public async Task TestQueries_WarnAsTheNodeWill()
    {
        var service = await _node.CreateServiceAsync("trial", trained.SavedModel);
        var endpoint = (string)(await _node.GetAsync($"{service}/settings"))["endpoints"]![0]!["id"]!;
        await _node.PutAsync($"{service}/endpoints/{endpoint}/schema", new JsonObject { ["missingFeatures"] = "IGNORE", ["unknownFeatures"] = "WARN" });
        var answer = await _node.PostAsync($"{service}/endpoints/{endpoint}/test-queries/actions/run", """{"queries":[{"q":{"features":{"colour":1},"explanations":{"enabled":true}}}]}""");
        var text = answer.ToJsonString();
        text.ShouldContain("UnknownField");
        text.ShouldContain("explanations");
    }

    [Fact]
    public async Task Keys_AreShownOnceAndKeptAsHashesOnly()
    {
        var service = await _node.CreateServiceAsync("keyed", trained.SavedModel);
        var made = await _node.PostAsync($"{service}/keys", """{"label":"shop"}""");
        var secret = made["secret"]!.GetValue<string>();
        secret.ShouldStartWith(ApiKeySecret.Prefix);
        const string Own = "a-key-of-the-clients-own-4711";
        var settings = await _node.GetAsync($"{service}/settings");
        settings["authMethod"] = "API_KEYS";
        settings["authRealm"]!["queryKeys"]!.AsArray().Add((JsonNode)new JsonObject { ["id"] = "own", ["label"] = "own", ["key"] = Own });
        await _node.PutAsync($"{service}/settings", settings);

        var shown = (await _node.GetAsync($"{service}/settings")).ToJsonString();
        shown.ShouldNotContain(secret);
        shown.ShouldNotContain(Own);
        shown.ShouldNotContain("\"hash\"");
        (await _node.ListAsync($"{service}/keys")).Select(key => key!["label"]!.GetValue<string>()).ShouldBe(["shop", "own"]);

        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        using var download = await _node.SendAsync(HttpMethod.Get, $"{service}/packages/v1/archive");
        var archive = await download.Content.ReadAsByteArrayAsync();
        using var reader = PackageReader.Open(new MemoryStream(archive));
        reader.Manifest.Authorization.Keys.Select(key => key.Hash).ShouldBe([ApiKeyHash.Of(secret).ToString(), ApiKeyHash.Of(Own).ToString()]);
        foreach (var file in Directory.EnumerateFiles(_node.Directory, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content);
            content.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1, file);
            content.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Own)).ShouldBe(-1, file);
        }

        await _node.JsonAsync(HttpMethod.Delete, $"{service}/keys/own");
        (await _node.ListAsync($"{service}/keys")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Keys_OfSettingsSentBackWhole_StayValid()
    {
        var service = await _node.CreateServiceAsync("roundtrip", trained.SavedModel);
        var secret = (await _node.PostAsync($"{service}/keys", """{"label":"a"}"""))["secret"]!.GetValue<string>();
        var settings = await _node.GetAsync($"{service}/settings");
        settings["authMethod"] = "API_KEYS";
        await _node.PutAsync($"{service}/settings", settings);
        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        using var download = await _node.SendAsync(HttpMethod.Get, $"{service}/packages/v1/archive");
        using var reader = PackageReader.Open(new MemoryStream(await download.Content.ReadAsByteArrayAsync()));
        reader.Manifest.Authorization.Keys.Single().Hash.ShouldBe(ApiKeyHash.Of(secret).ToString());
    }

    [Fact]
    public async Task Packages_AreImmutableAndTheirIdsUsedOnce()
    {
        var service = await _node.CreateServiceAsync("immutable", trained.SavedModel);
        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        var before = await _node.GetAsync($"{service}/packages/v1/summary");
        await _node.RefusedAsync(409, HttpMethod.Post, $"{service}/packages/v1");
        await _node.RefusedAsync(400, HttpMethod.Post, $"{service}/packages/v%201");
        (await _node.GetAsync($"{service}/packages/v1/summary"))["digest"]!.GetValue<string>().ShouldBe(before["digest"]!.GetValue<string>());
        await _node.JsonAsync(HttpMethod.Delete, $"{service}/packages/v1");
        (await _node.ListAsync($"{service}/packages")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Archive_IsNeverEncoded()
    {
        var service = await _node.CreateServiceAsync("plain", trained.SavedModel);
        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_node.Address, $"{service}/packages/v1/archive"));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate");
        using var answer = await _node.Client.SendAsync(request);
        (await answer.Content.ReadAsByteArrayAsync())[..2].ShouldBe("PK"u8.ToArray());
        answer.Content.Headers.ContentEncoding.ShouldNotContain("gzip");
    }

    [Fact]
    public async Task Package_OfAServiceWithoutEndpoints_Is409()
    {
        (await _node.SendAsync(HttpMethod.Post, "/dip/publicapi/projects/P/apiservices/empty")).EnsureSuccessStatusCode();
        await _node.RefusedAsync(409, HttpMethod.Post, "/dip/publicapi/projects/P/apiservices/empty/packages/v1");
    }

    [Fact]
    public async Task Publish_WithoutADeployer_Is409AndSaysWhatToDo()
    {
        var service = await _node.CreateServiceAsync("alone", trained.SavedModel);
        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        var error = await _node.RefusedAsync(409, HttpMethod.Post, $"{service}/packages/v1/publish");
        error["errorType"]!.GetValue<string>().ShouldBe("NoDeployer");
    }

    [Fact]
    public async Task TestQueries_RunInProcess_AnswerOrSayWhatIsWrong()
    {
        var service = await _node.CreateServiceAsync("queries", trained.SavedModel);
        var generated = await _node.PostAsync($"{service}/endpoints/score/test-queries/actions/generate?rows=3");
        var good = generated["testQueries"]![0]!["q"]!["features"]!.AsObject();
        var bad = (JsonObject)good.DeepClone();
        bad["colour"] = "red";
        var wrong = (JsonObject)good.DeepClone();
        wrong["age"] = "old";
        var missing = (JsonObject)good.DeepClone();
        missing.Remove("age");
        var body = new JsonObject
        {
            ["queries"] = new JsonArray(
                new JsonObject { ["q"] = new JsonObject { ["features"] = good.DeepClone() } }, new JsonObject { ["features"] = bad },
                new JsonObject { ["features"] = wrong }, new JsonObject { ["features"] = missing }),
        };
        var responses = (await _node.PostAsync($"{service}/endpoints/score/test-queries/actions/run", body.ToJsonString()))["responses"]!.AsArray();
        responses[0]!["result"]!["probas"]!.AsObject().Count.ShouldBe(2);
        responses[1]!["error"]!.GetValue<string>().ShouldContain("colour");
        responses[2]!["error"]!.GetValue<string>().ShouldContain("age");
        responses[3]!["error"]!.GetValue<string>().ShouldContain("age");
        await _node.RefusedAsync(404, HttpMethod.Post, $"{service}/endpoints/none/test-queries/actions/run");
    }

    [Fact]
    public async Task SavedModel_InUse_CannotBeDeletedAndItsVersionsFollowTheRules()
    {
        var saved = await _node.DeployAsync(trained.Task, trained.Linear, "pay");
        var path = $"/dip/publicapi/projects/P/savedmodels/{saved}";
        var again = await _node.PostAsync(
            $"{trained.Task}/models/{trained.Trees}/actions/redeployToFlow",
            $$"""{"recipeName":null,"savedModelId":"{{saved}}","activate":true,"redoOptimization":false,"redoThresholdOptimization":true}""");
        again["impactsDownstream"]!.GetValue<bool>().ShouldBeFalse();
        (await _node.ListAsync($"{path}/versions")).Single(version => version!["active"]!.GetValue<bool>())!["id"]!.GetValue<string>().ShouldBe("v2");
        await _node.RefusedAsync(409, HttpMethod.Post, $"{path}/actions/delete-versions", """{"versions":["v2"],"removeIntermediate":true}""");
        (await _node.SendAsync(HttpMethod.Post, $"{path}/versions/v1/actions/setActive")).EnsureSuccessStatusCode();
        await _node.PostAsync($"{path}/actions/delete-versions", """{"versions":["v2"],"removeIntermediate":true}""");
        (await _node.ListAsync($"{path}/versions")).Single()!["id"]!.GetValue<string>().ShouldBe("v1");
        await _node.CreateServiceAsync("user", saved);
        var error = await _node.RefusedAsync(409, HttpMethod.Delete, path);
        error["message"]!.GetValue<string>().ShouldContain("user");
    }
}
