using System.Text.Json.Nodes;
using Peregrine.Designing.Tests.Support;
using Peregrine.Packages.Archives;

namespace Peregrine.Designing.Tests.ApiServices;

public sealed class EndpointExplanationsTests(TrainedNode trained) : IClassFixture<TrainedNode>
{
    private readonly DesignNode _node = trained.Node;

    [Fact]
    public async Task Explanations_OfAnEndpoint_AreChangedMemberByMemberAndPackaged()
    {
        var service = await _node.CreateServiceAsync("why", trained.SavedModel);
        var path = $"{service}/endpoints/score/explanations";
        (await _node.GetAsync(path)).ToJsonString().ShouldBe("""{"enabled":false,"method":"SHAPLEY","nExplanations":3,"nMonteCarloSteps":null}""");
        await _node.PutAsync(path, new JsonObject { ["enabled"] = true, ["method"] = "ICE" });
        (await _node.PutAsync(path, new JsonObject { ["nExplanations"] = 5, ["nMonteCarloSteps"] = 100 })).ToJsonString().ShouldBe(
            """{"enabled":true,"method":"ICE","nExplanations":5,"nMonteCarloSteps":100}""");

        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        using var download = await _node.SendAsync(HttpMethod.Get, $"{service}/packages/v1/archive");
        using var reader = PackageReader.Open(new MemoryStream(await download.Content.ReadAsByteArrayAsync()));
        var packaged = JsonNode.Parse(reader.Manifest.Endpoints[0].Settings.GetRawText())!["explanations"]!;
        ((bool?)packaged["enabled"], (string?)packaged["method"], (int?)packaged["nExplanations"], (int?)packaged["nMonteCarloSteps"]).ShouldBe((true, "ICE", 5, 100));
    }

    [Theory]
    [InlineData("""{"method":"LIME"}""", "SHAPLEY")]
    [InlineData("""{"nExplanations":0}""", "from 1 on")]
    [InlineData("""{"nMonteCarloSteps":10}""", "25 to 1000")]
    [InlineData("""{"enable":true}""", "no setting of this kind")]
    public async Task Explanations_ThatAreNone_AreRefusedAndChangeNothing(string changes, string words)
    {
        var service = await _node.CreateServiceAsync($"not{words.Length}", trained.SavedModel);
        (await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/endpoints/score/explanations", changes))["detailedMessage"]!.GetValue<string>().ShouldContain(words);
        (await _node.GetAsync($"{service}/endpoints/score/explanations"))["enabled"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task TestQueries_AskedToExplain_DoSoWhateverTheySayThemselves()
    {
        var service = await _node.CreateServiceAsync("explained", trained.SavedModel);
        var generated = (await _node.PostAsync($"{service}/endpoints/score/test-queries/actions/generate?rows=2"))["testQueries"]!.AsArray();
        var run = $"{service}/endpoints/score/test-queries/actions/run";
        (await _node.PostAsync(run))["responses"]!.AsArray().ShouldAllBe(response => response!["result"]!["explanations"] == null);

        var own = (JsonObject)generated[0]!["q"]!.DeepClone();
        own["explanations"] = new JsonObject { ["enabled"] = false, ["nExplanations"] = 1 };
        (await _node.PostAsync(run, """{"explain":true}"""))["responses"]!.AsArray().ShouldAllBe(response => response!["result"]!["explanations"]!.AsObject().Count == 3);
        var answer = await _node.PostAsync(run, new JsonObject { ["explain"] = true, ["queries"] = new JsonArray(new JsonObject { ["q"] = own }) }.ToJsonString());
        answer["responses"]![0]!["result"]!["explanations"]!.AsObject().Count.ShouldBe(1, "the query's own number holds");
        (await _node.ListAsync($"{service}/endpoints/score/test-queries")).ToJsonString().ShouldNotContain("explanations", customMessage: "stored queries stay as they are");
    }
}
