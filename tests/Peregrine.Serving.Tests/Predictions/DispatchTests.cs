using System.Globalization;
using System.Net;

namespace Peregrine.Serving.Tests.Predictions;

public sealed class DispatchTests
{
    private static readonly TestPackage s_second = new() { Version = "v2", Model = TestModels.Binary(bias: 2) };

    [Fact]
    public async Task Dispatch_ForcedGeneration_AnswersFromIt()
    {
        await using var node = await SplitAsync("0.5", "0.5");
        foreach (var generation in (string[])["v1", "v2"])
        {
            var answer = (await node.PredictAsync(Body($$$""","dispatch":{"forcedGeneration":"{{{generation}}}"}"""))).ShouldSucceed();
            answer.Generation.ShouldBe(generation);
            answer.Result.ShouldBe((generation == "v1" ? new TestPackage() : s_second).Expected(TestPackage.GoodFeatures));
        }
    }

    [Fact]
    public async Task Dispatch_ForcedGenerationOfAnotherSchema_AnswersAlthoughTheFeaturesComeFirst()
    {
        var other = new TestPackage { Version = "v2", Model = TestModels.OtherSchema(), Sample = """{"area":50}""" };
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(other).StartAsync();
        const string Body = """{"features":{"area":70},"dispatch":{"forcedGeneration":"v2"}}""";
        (await node.PredictAsync(Body)).ShouldFail(HttpStatusCode.NotFound, "GenerationNotFound").Detail.ShouldContain("is not loaded");
        await node.AdminAsync(HttpMethod.Post, "services/fraud/generations/v2/preload");
        ((double?)(await node.PredictAsync(Body)).ShouldSucceed().Json["result"]!["prediction"]).ShouldBe(141);
    }

    [Fact]
    public async Task Dispatch_ForcedGenerationThatIsUnknown_Is404WithTheLoadedOnes()
    {
        await using var node = await SplitAsync("0.5", "0.5");
        var answer = await node.PredictAsync(Body(""","dispatch":{"forcedGeneration":"v9"}"""));
        answer.ShouldFail(HttpStatusCode.NotFound, "GenerationNotFound").Detail.ShouldContain("'v1', 'v2'");
    }

    [Fact]
    public async Task Dispatch_SameKey_AlwaysGoesToTheSameGenerationAlsoAfterARestart()
    {
        var node = await SplitAsync("0.5", "0.5");
        var first = await GenerationsByKeyAsync(node);
        (await GenerationsByKeyAsync(node)).ShouldBe(first);
        first.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        await node.StopAsync();
        await using var again = await new ApiNodeBuilder().On(node.Folder).StartAsync();
        (await GenerationsByKeyAsync(again)).ShouldBe(first);
        await again.StopAsync();
        Directory.Delete(node.Folder, recursive: true);
    }

    [Fact]
    public async Task Dispatch_WithoutKey_HoldsTheShares()
    {
        await using var node = await SplitAsync("0.8", "0.2");
        var second = 0;
        const int Requests = 1_500;
        for (var i = 0; i < Requests; i++) second += (await node.PredictAsync(Body(""))).ShouldSucceed().Generation == "v2" ? 1 : 0;
        Math.Abs(second - Requests * 0.2).ShouldBeLessThan(5 * Math.Sqrt(Requests * 0.2 * 0.8));
    }

    [Fact]
    public async Task Dispatch_ShareOfZero_AnswersOnlyWhenForced()
    {
        await using var node = await SplitAsync("1", "0");
        for (var i = 0; i < 50; i++) (await node.PredictAsync(Body(""))).ShouldSucceed().Generation.ShouldBe("v1");
        (await node.PredictAsync(Body(""","dispatch":{"forcedGeneration":"v2"}"""))).ShouldSucceed().Generation.ShouldBe("v2");
    }

    [Fact]
    public async Task Dispatch_RandomStrategy_DrawsAlsoWithAKey()
    {
        await using var node = await SplitAsync("0.5", "0.5", ""","strategy":"RANDOM" """);
        var seen = new HashSet<string?>(StringComparer.Ordinal);
        for (var i = 0; i < 60; i++) seen.Add((await node.PredictAsync(Body(""","dispatch":{"dispatchKey":"same"}"""))).ShouldSucceed().Generation);
        seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Dispatch_OfManyRecords_GoesToOneGeneration()
    {
        await using var node = await SplitAsync("0.5", "0.5");
        var body = $$"""{"items":[{"features":{{TestPackage.GoodFeatures}} }],"dispatch":{"forcedGeneration":"v2"} }""";
        (await node.PredictAsync(body, "fraud/score/predict-multi")).ShouldSucceed().Generation.ShouldBe("v2");
    }

    private static async Task<TestNode> SplitAsync(string first, string second, string more = "")
    {
        // The folder outlives the node where a test restarts it.
        var node = await new ApiNodeBuilder().On(Directory.CreateTempSubdirectory("peregrine-node-").FullName).StartAsync();
        await node.ImportAsync("fraud", new TestPackage().Write());
        await node.ImportAsync("fraud", s_second.Write());
        await node.MapAsync($$"""{"entries":[{"generation":"v1","proba":{{first}}},{"generation":"v2","proba":{{second}}}]{{more}}}""");
        return node;
    }

    private static async Task<List<string?>> GenerationsByKeyAsync(TestNode node)
    {
        var generations = new List<string?>();
        for (var i = 0; i < 40; i++)
            generations.Add((await node.PredictAsync(Body(string.Create(CultureInfo.InvariantCulture, $$$""","dispatch":{"dispatchKey":"user-{{{i}}}"}""")))).ShouldSucceed().Generation);
        return generations;
    }

    private static string Body(string more) => $$"""{"features":{{TestPackage.GoodFeatures}}{{more}}}""";
}
