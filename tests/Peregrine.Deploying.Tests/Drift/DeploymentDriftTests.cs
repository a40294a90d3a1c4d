using System.Net;
using System.Text.Json;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Deploying.Tests.Nodes;
using Peregrine.Serving.Tests;
using Peregrine.Serving.Tests.Drift;

namespace Peregrine.Deploying.Tests.Drift;

public sealed class DeploymentDriftTests
{
    [Fact]
    public async Task Drift_OfTwoNodes_IsTheirSum()
    {
        await using var first = await ApiNode.StartAsync();
        await using var second = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        await DeployAsync(deployer, first, second);
        await AskAsync(first, 30);
        await AskAsync(second, 12);

        var answer = (await deployer.GetAsync("/deployments/d1/drift?window=load&counts=true")).ShouldSucceed().Json.Deserialize(DriftJson.Default.DriftAnswer)!;

        answer.Unanswered.ShouldBeEmpty();
        var report = answer.Reports.ShouldHaveSingleItem();
        (report.Nodes, report.Rows, report.Generation, report.State).ShouldBe((2, 42, "v1", DriftState.Compared));
        report.Features.ShouldAllBe(field => field.Counts!.Live.Sum() == 42);

        await second.StopAsync();
        answer = (await deployer.GetAsync("/deployments/d1/drift?window=load")).ShouldSucceed().Json.Deserialize(DriftJson.Default.DriftAnswer)!;
        answer.Unanswered.ShouldHaveSingleItem().ShouldContain(second.Url);
        answer.Reports.ShouldHaveSingleItem().Rows.ShouldBe(30);
        answer.Reports[0].Features.ShouldAllBe(field => field.Counts == null);
    }

    [Fact]
    public async Task Drift_ThatCannotBeTold_SaysWhy()
    {
        await using var node = await ApiNode.StartAsync();
        await using var deployer = await Deployer.StartAsync();
        (await deployer.GetAsync("/deployments/none/drift")).Status.ShouldBe(HttpStatusCode.NotFound);
        await DeployAsync(deployer, node);
        var bad = await deployer.GetAsync("/deployments/d1/drift?window=yesterday");
        bad.Status.ShouldBe(HttpStatusCode.BadRequest);
        bad.Body.ShouldContain("yesterday");
        await node.StopAsync();
        var silent = await deployer.GetAsync("/deployments/d1/drift");
        silent.Status.ShouldBe(HttpStatusCode.BadGateway);
        silent.Body.ShouldContain(node.Url);
    }

    private static async Task DeployAsync(Deployer deployer, params ApiNode[] nodes)
    {
        await deployer.AddInfraAsync(nodes);
        await deployer.AddServiceAsync();
        var model = TestModels.Binary();
        (await deployer.ImportAsync(new TestPackage { Model = model with { Reference = TestReference.Of(model) } }.Write())).ShouldSucceed();
        await deployer.AddDeploymentAsync();
        await deployer.UpdateAsync();
    }

    private static async Task AskAsync(ApiNode node, int records)
    {
        using var http = new HttpClient();
        var items = string.Join(',', Enumerable.Repeat($$"""{"features":{{TestPackage.GoodFeatures}} }""", records));
        using var answer = await http.PostAsync(new Uri($"{node.Url}/public/api/v1/fraud/score/predict-multi"), new StringContent($$"""{"items":[{{items}}]}"""));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
