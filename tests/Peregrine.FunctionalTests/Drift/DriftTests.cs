using System.Text.Json;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Datasets.Tables;
using Peregrine.FunctionalTests.Processes;
using Peregrine.Training;

namespace Peregrine.FunctionalTests.Drift;

/// <summary>From the training table to the command line: the reference is made by training, the traffic counted by a node.</summary>
public sealed class DriftTests
{
    private static readonly Table s_training = TrafficOfTraining.Draw(8_000, seed: 1);

    private static readonly Lazy<TrainedModel> s_model = new(() => new Trainer().Train(new TrainingRequest
    {
        Table = s_training, Target = "fraud", Ignore = ["card"], Algorithms = [TrainingAlgorithm.GradientBoostedTrees],
    }).Models[0]);

    [Fact]
    public async Task Traffic_AsInTraining_IsStable()
    {
        await using var node = await AskAsync(TrafficOfTraining.Draw(4_000, seed: 2));
        var report = await ReadAsync(node);
        (report.Rows, report.State, report.Drifted).ShouldBe((4_000, DriftState.Compared, 0));
        report.Features.Select(field => field.Name).Order().ShouldBe(["age", "amount", "at", "country", "online"]);
        report.Features.Concat(report.Predictions).ShouldAllBe(field => field.Verdict == DriftVerdict.Stable && field.Psi < 0.03 && field.AdjustedP > 0.01);
        report.Features.Sum(field => field.Importance).ShouldBe(1, 1e-9);
        report.Features.MaxBy(field => field.Importance)!.Name.ShouldBe("amount");
    }

    [Fact]
    public async Task Traffic_WithLargerAmounts_IsNamedForTheAmountAloneOnTwoNodesTogether()
    {
        await using var first = await AskAsync(TrafficOfTraining.Draw(2_000, seed: 3, factor: 2));
        await using var second = await AskAsync(TrafficOfTraining.Draw(1_000, seed: 4, factor: 2));
        var report = await ReadAsync(first, "--merge", second.Url);
        (report.Rows, report.Nodes).ShouldBe((3_000, 2));
        var drifted = report.Features.Where(field => field.Verdict == DriftVerdict.Drifted).ShouldHaveSingleItem();
        drifted.Name.ShouldBe("amount");
        drifted.ShouldBe(report.Features[0]);
        // Two normal distributions of deviation 1 that lie ln 2 apart are at most 2 Φ(ln 2 / 2) - 1 = 0.271 apart.
        drifted.Statistic!.Value.ShouldBe(0.271, 0.03);
        report.Predictions.ShouldAllBe(field => field.Verdict == DriftVerdict.Drifted); // larger amounts are fraud more often

        var table = (await RunAsync(first)).Output;
        table.ShouldContain("2,000 records on 1 node, 1 of 5 features drifted");
        table.Split('\n').ShouldContain(line => line.StartsWith("amount\tdrifted\t", StringComparison.Ordinal));
        (await RunAsync(first, "--window", "9m")).ShouldExit(2).Errors.ShouldContain("1h, 1d, load");
    }

    private static async Task<DriftNode> AskAsync(Table traffic)
    {
        var node = await DriftNode.StartAsync(s_model.Value.Artifact, s_training);
        await node.AskAsync(traffic, s_model.Value.Artifact.Spec.Inputs.Select(field => field.Name));
        return node;
    }

    private static async Task<DriftReport> ReadAsync(DriftNode node, params string[] arguments)
    {
        var result = (await RunAsync(node, [.. arguments, "--json"])).ShouldExit(0);
        return JsonSerializer.Deserialize(result.Output, DriftJson.Default.DriftAnswer)!.Reports.ShouldHaveSingleItem();
    }

    private static Task<PeregrineResult> RunAsync(DriftNode node, params string[] arguments) =>
        PeregrineProcess.RunAsync(["apinode", "admin", "drift", "fraud", "--url", node.Url, "--key", DriftNode.Key, .. arguments]);
}
