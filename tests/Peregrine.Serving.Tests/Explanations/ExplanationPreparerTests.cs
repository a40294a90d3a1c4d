using Microsoft.Extensions.DependencyInjection;
using Peregrine.Models.Predictors;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.Explanations;

public sealed class ExplanationPreparerTests
{
    [Fact]
    public async Task Generation_OnceLoaded_IsReadyToExplainBeforeAnybodyAsks()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        await Eventually.TrueAsync(() => Explainer(node).IsPrepared);
    }

    [Fact]
    public async Task Generation_WithoutPreparing_IsPreparedByItsFirstExplainedRequest()
    {
        await using var node = await new ApiNodeBuilder().WithService().WithSetting("Serving:Explanations:PrepareAhead", "false").StartAsync();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        Explainer(node).IsPrepared.ShouldBeFalse();
        (await node.PredictAsync($$$"""{"features":{{{TestPackage.GoodFeatures}}},"explanations":{"enabled":true}}""")).ShouldSucceed();
        Explainer(node).IsPrepared.ShouldBeTrue();
    }

    [Fact]
    public async Task Generation_ThatCannotBeExplained_ServesAllTheSame()
    {
        var model = TestModels.Binary(change: spec => spec with { Predictor = (LinearPredictorSpec)spec.Predictor with { Means = null } });
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = model }).StartAsync();
        await Eventually.TrueAsync(() => Explainer(node).IsPrepared);
        Explainer(node).Problem.ShouldNotBeNull();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
    }

    private static EndpointExplainer Explainer(TestNode node) =>
        node.Services.GetRequiredService<NodeState>().Current.Find("/public/api/v1/fraud/score/predict")!.Endpoint.Target(0)!.Explainer;
}
