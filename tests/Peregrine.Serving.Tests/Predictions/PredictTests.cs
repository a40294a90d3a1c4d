
namespace Peregrine.Serving.Tests.Predictions;

public sealed class PredictTests
{
    [Fact]
    public async Task Predict_GoodRecord_AnswersTheModelsBitsWithContext()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        answer.Result.ShouldBe(new TestPackage().Expected(TestPackage.GoodFeatures));
        var context = answer.Json["apiContext"]!;
        ((string?)context["serviceId"]).ShouldBe("fraud");
        ((string?)context["endpointId"]).ShouldBe("score");
        ((string?)context["serviceGeneration"]).ShouldBe("v1");
        ((double?)answer.Json["timing"]!["total"]).ShouldNotBeNull().ShouldBeGreaterThan(0);
        ((string?)answer.Json["result"]!["prediction"]).ShouldNotBeNull();
        ((double?)answer.Json["result"]!["probas"]!["1"]).ShouldNotBeNull();
    }
}
