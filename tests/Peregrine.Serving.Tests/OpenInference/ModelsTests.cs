using System.Net;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.OpenInference;

public sealed class ModelsTests
{
    [Fact]
    public async Task Server_TellsItselfAndItsHealth()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var server = (await node.GetAsync("v2")).ShouldSucceed().Json;
        ((string?)server["name"]).ShouldBe("peregrine");
        server["extensions"]!.AsArray().Select(extension => (string?)extension).ShouldContain("binary_tensor_data");
        (await node.GetAsync("v2/health/live")).ShouldSucceed().Text.ShouldBe("""{"live":true}""");
        (await node.GetAsync("v2/health/ready?anything=1")).ShouldSucceed().Text.ShouldBe("""{"ready":true}""");
        (await node.GetAsync("v2/models")).ShouldSucceed().Text.ShouldBe("""{"models":["fraud.score"]}""");
    }

    [Theory]
    [InlineData("v2/models/fraud.score")]
    [InlineData("v2/models/fraud.score/versions/v1")]
    [InlineData("v2/models/fraud%2Escore/versions/v1")]
    public async Task Metadata_OfAModel_TellsItsTensors(string path)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var model = (await node.GetAsync(path)).ShouldSucceed().Json;
        ((string?)model["name"]).ShouldBe("fraud.score");
        model["versions"]!.ToJsonString().ShouldBe("""["v1"]""");
        model["inputs"]!.ToJsonString().ShouldBe(
            """[{"name":"amount","datatype":"FP64","shape":[-1]},{"name":"country","datatype":"BYTES","shape":[-1]},{"name":"online","datatype":"BOOL","shape":[-1]},{"name":"at","datatype":"BYTES","shape":[-1]}]""");
        model["outputs"]!.ToJsonString().ShouldBe(
            """[{"name":"prediction","datatype":"BYTES","shape":[-1]},{"name":"probas","datatype":"FP64","shape":[-1,2]},{"name":"probaPercentile","datatype":"INT32","shape":[-1]},{"name":"ignoreReason","datatype":"BYTES","shape":[-1]}]""");
        ((string?)model["properties"]!["classes"]).ShouldBe("""["0","1"]""");
        ((string?)(await node.GetAsync($"{path}/ready")).ShouldSucceed().Json["name"]).ShouldBe("fraud.score");
    }

    [Theory]
    [InlineData("GET", "v2/models/fraud.scroe", HttpStatusCode.NotFound, "Request for unknown model: 'fraud.scroe' is not found. Did you mean 'fraud.score'?")]
    [InlineData("GET", "v2/models/nothing", HttpStatusCode.NotFound, "Request for unknown model: 'nothing' is not found")]
    [InlineData("GET", "v2/models/fraud.score/versions/9", HttpStatusCode.NotFound, "version '9' is not found")]
    [InlineData("GET", "v2/models/fraud.score/versions/9/ready", HttpStatusCode.NotFound, "version '9' is not found")]
    [InlineData("POST", "v2/models/nothing/infer", HttpStatusCode.NotFound, "unknown model")]
    [InlineData("GET", "v2/models/fraud.score/infer", HttpStatusCode.MethodNotAllowed, "takes POST")]
    [InlineData("POST", "v2/models/fraud.score", HttpStatusCode.MethodNotAllowed, "takes GET")]
    [InlineData("GET", "v2/nothing", HttpStatusCode.NotFound, "nothing at")]
    [InlineData("POST", "v2/repository/models/fraud.score/load", HttpStatusCode.NotImplemented, "switchTo")]
    [InlineData("POST", "v2/repository/models/fraud.score/unload", HttpStatusCode.NotImplemented, "cannot be unloaded")]
    [InlineData("POST", "v2/models/idle.score/infer", HttpStatusCode.ServiceUnavailable, "no generation is active")]
    public async Task Paths_ThatLeadNowhere_SaySoInTheProtocolsForm(string method, string path, HttpStatusCode status, string words)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        await node.AdminAsync(HttpMethod.Post, "services/", """{"serviceId":"idle"}""");
        var answer = await node.SendAsync(new HttpMethod(method), path, method == "POST" ? new ByteArrayContent([]) : null);
        answer.Status.ShouldBe(status, answer.Text);
        ((string?)answer.Json["error"]).ShouldNotBeNull().ShouldContain(words);
        ((int?)answer.Json["status"]).ShouldBe((int)status);
    }

    [Fact]
    public async Task Errors_OfTheUserApi_KeepTheirForm()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.PredictAsync("{}")).Json.AsObject().ContainsKey("error").ShouldBeFalse();
    }

    [Fact]
    public async Task Models_BehindAKey_AreSeenByThoseWhoMayAsk()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        (await node.GetAsync("v2/models/fraud.score")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await node.GetAsync("v2/models/fraud.score", TestPackage.Key)).ShouldSucceed();
        (await node.GetAsync("v2/models")).ShouldSucceed().Text.ShouldBe("""{"models":[]}""");
        (await node.GetAsync("v2/models", TestPackage.Key)).ShouldSucceed().Text.ShouldBe("""{"models":["fraud.score"]}""");
        (await node.SendAsync(HttpMethod.Post, "v2/repository/index")).ShouldSucceed().Text.ShouldBe("[]");
        (await node.GetAsync("v2/health/ready")).ShouldSucceed();
    }

    [Fact]
    public async Task Statistics_CountWhatCameThroughTheProtocol()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        await node.InferAsync(new InferRecords(5).Json());
        await node.InferAsync(new InferRecords(2).Binary());
        await node.InferAsync(JsonNode.Parse("{}")!);
        foreach (var path in new[] { "v2/models/stats", "v2/models/fraud.score/stats", "v2/models/fraud.score/versions/v1/stats" })
        {
            var counts = (await node.GetAsync(path)).ShouldSucceed().Json["model_stats"]!.AsArray().Single()!;
            ((string?)counts["name"]).ShouldBe("fraud.score");
            ((long?)counts["inference_count"]).ShouldBe(7);
            ((long?)counts["execution_count"]).ShouldBe(2);
            ((long?)counts["inference_stats"]!["success"]!["count"]).ShouldBe(2);
            ((long?)counts["inference_stats"]!["success"]!["ns"]).ShouldNotBeNull().ShouldBeGreaterThan(0);
            ((long?)counts["inference_stats"]!["fail"]!["count"]).ShouldBe(1);
            ((long?)counts["last_inference"]).ShouldNotBeNull().ShouldBeGreaterThan(1_700_000_000_000);
        }
    }

    [Fact]
    public async Task Index_ListsWhatIsLoadedAndWhatIsNot()
    {
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(new TestPackage { Version = "v0" }).StartAsync();
        var all = (await node.SendAsync(HttpMethod.Post, "v2/repository/index", new StringContent("{}"))).ShouldSucceed().Json.AsArray();
        all.Select(line => $"{line!["name"]} {line["version"]} {line["state"]}").ShouldBe(["fraud.score v0 UNAVAILABLE", "fraud.score v1 READY"]);
        var ready = (await node.SendAsync(HttpMethod.Post, "v2/repository/index", new StringContent("""{"ready":true}"""))).ShouldSucceed().Json.AsArray();
        ready.Select(line => (string?)line!["version"]).ShouldBe(["v1"]);
        (await node.SendAsync(HttpMethod.Post, "v2/repository/index", new StringContent("{"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Models_WithDotsInTheirIds_AreFoundWhicheverDotIsMeant()
    {
        await using var node = await new ApiNodeBuilder().WithService("a.b", new TestPackage { Endpoint = "c.d" }).StartAsync();
        (await node.GetAsync("v2/models/a.b.c.d")).ShouldSucceed();
        (await node.InferAsync(new InferRecords(1).Json(), "v2/models/a.b.c.d")).ShouldSucceed();
    }
}
