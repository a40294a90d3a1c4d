using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Packages.Drift;
using Peregrine.Serving.Drift;
using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Serving.Tests.Drift;

/// <summary>Over HTTP: what is counted, what is told.</summary>
public sealed class DriftTests
{
    private static readonly string[] s_countries = ["FR", "GB", "DE", "ES"];

    [Fact]
    public async Task Drift_TrafficAsInTraining_IsStableAndShiftedAmountsAloneAreNamed()
    {
        await using var same = await StartAsync();
        await AskAsync(same, 2_000, _ => 0);
        var report = await ReportAsync(same);
        report.State.ShouldBe(DriftState.Compared);
        report.Rows.ShouldBe(2_000);
        report.TrainingRows.ShouldBe(10_000);
        report.Drifted.ShouldBe(0);
        report.Features.ShouldAllBe(field => field.Verdict == DriftVerdict.Stable && field.Psi < 0.1 && field.AdjustedP > 0.01);

        await using var shifted = await StartAsync();
        await AskAsync(shifted, 2_000, _ => 20);
        report = await ReportAsync(shifted);
        var named = report.Features.Where(field => field.Verdict == DriftVerdict.Drifted).ToList();
        named.ShouldHaveSingleItem().Name.ShouldBe("amount");
        named[0].Statistic!.Value.ShouldBe(0.2, 0.02);
        named[0].UnseenLive.ShouldBe(0.2, 0.03);
        named[0].AdjustedP!.Value.ShouldBeLessThan(1e-12);
        report.Drifted.ShouldBe(1);
        report.Score!.Value.ShouldBe(report.Features.Sum(field => field.Importance * field.Psi!.Value) / report.Features.Sum(field => field.Importance), 1e-12);
        report.Features.ShouldAllBe(field => field.Counts == null && field.Histogram.Count > 0);
    }

    [Fact]
    public async Task Drift_CountsRecordsThatWereAnswered_AndNothingElse()
    {
        await using var node = await StartAsync();
        (await ReportAsync(node)).Rows.ShouldBe(0, "the rehearsal is no traffic");
        (await node.PredictFeaturesAsync("""{"amount":5,"country":"XX","online":null,"at":"2026-01-31T12:00:00Z"}""")).Status.ShouldBe(HttpStatusCode.OK);
        // Scored before the fault behind it is found, and forced to the generation that answers anyway: counted not at all, and once.
        (await node.PredictAsync("""{"features":{"amount":5,"country":"FR","online":true,"at":1},"surprise":1}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await node.PredictAsync("""{"features":{"amount":5,"country":"FR","online":true,"at":1},"dispatch":{"forcedGeneration":"v1"}}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await node.PredictAsync("""{"items":[{"features":{"amount":-1,"country":"FR","online":true,"at":1}},{"features":{"country":3}}]}""", "fraud/score/predict-multi"))
            .Status.ShouldBe(HttpStatusCode.BadRequest);
        var many = """{"items":[{"features":{"amount":500,"country":"GB","online":false,"at":1}},{"features":{"amount":null,"country":"","online":true,"at":1}}]}""";
        (await node.PredictAsync(many, "fraud/score/predict-multi")).Status.ShouldBe(HttpStatusCode.OK);

        var report = await ReportAsync(node, "?counts=true&window=load");
        report.Rows.ShouldBe(4);
        var fields = report.Features.ToDictionary(field => field.Name);
        fields["country"].Counts!.Live.ShouldBe([1, 1, 0, 0, 0, 1, 1]);
        fields["country"].UnseenLive.ShouldBe(0.25);
        fields["online"].Counts!.Live.ShouldBe([0, 1, 2, 0, 1]);
        fields["amount"].Counts!.Live[^1].ShouldBe(1);
        fields["amount"].Counts!.Live[^2].ShouldBe(1);
        fields["at"].Counts!.Live[12].ShouldBe(1);
        fields["at"].Counts!.Live[0].ShouldBe(3);
        report.Predictions.ShouldAllBe(field => field.Counts!.Live.Sum() == 4);
        report.Features.ShouldAllBe(field => field.Verdict == DriftVerdict.TooFew);
    }

    [Fact]
    public async Task Merge_OfTwoNodes_IsTheNodeThatSawAll()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await using var all = await StartAsync();
        await AskAsync(first, 700, i => i % 7);
        await AskAsync(second, 900, i => i % 9 - 4, seed: 2);
        await AskAsync(all, 700, i => i % 7);
        await AskAsync(all, 900, i => i % 9 - 4, seed: 2);
        DriftAnswer[] answers = [await AnswerAsync(first, "?counts=true&window=load"), await AnswerAsync(second, "?counts=true&window=load")];
        var whole = (await AnswerAsync(all, "?counts=true&window=load")).Reports.ShouldHaveSingleItem();
        foreach (var merged in new[] { DriftReports.Merge(answers), DriftReports.Merge(answers.Reverse()) })
        {
            var report = merged.Reports.ShouldHaveSingleItem();
            report.Nodes.ShouldBe(2);
            Text(report with { Nodes = 1, From = whole.From, To = whole.To, MemoryBytes = whole.MemoryBytes }).ShouldBe(Text(whole));
        }

        static string Text(DriftReport report) => JsonSerializer.Serialize(new DriftAnswer { Reports = [report] }, DriftJson.Default.DriftAnswer);
    }

    [Fact]
    public async Task Drift_WithoutAReferenceOrSwitchedOff_SaysSo()
    {
        await using var old = await new ApiNodeBuilder().WithService().StartAsync();
        await old.PredictFeaturesAsync(TestPackage.GoodFeatures);
        (await ReportAsync(old)).State.ShouldBe(DriftState.NoReference);
        await using var off = await StartAsync(drift => drift.Enabled = false);
        (await off.PredictFeaturesAsync(TestPackage.GoodFeatures)).Status.ShouldBe(HttpStatusCode.OK);
        (await ReportAsync(off)).State.ShouldBe(DriftState.Off);
    }

    [Theory]
    [InlineData("fraud/drift?window=2h", HttpStatusCode.BadRequest, "1h, 1d, load")]
    [InlineData("fraud/drift?endpoint=scoer", HttpStatusCode.NotFound, "'score'")]
    [InlineData("fraud/drift?generation=v9", HttpStatusCode.NotFound, "'v1'")]
    [InlineData("fruad/drift", HttpStatusCode.NotFound, "'fraud'")]
    [InlineData("fraud/drift?counts=perhaps", HttpStatusCode.BadRequest, "counts")]
    public async Task Drift_OfWhatIsNotThere_IsRefusedWithWhatIs(string path, HttpStatusCode status, string told)
    {
        await using var node = await StartAsync();
        var answer = await node.TryAdminAsync(HttpMethod.Get, $"services/{path}");
        answer.Status.ShouldBe(status);
        answer.Text.ShouldContain(told);
    }

    [Fact]
    public async Task Metrics_TellDriftOfABoundedNumberOfFeatures()
    {
        await using var node = await StartAsync(drift => (drift.MaxMetricFeatures, drift.MetricsInterval) = (2, TimeSpan.Zero));
        await AskAsync(node, 500, _ => 30);
        var page = (await node.GetAsync("metrics")).Text;
        var scores = page.Split('\n').Where(line => line.StartsWith("peregrine_drift_score{", StringComparison.Ordinal)).ToList();
        scores.Count.ShouldBe(2 + 2, page); // the two most important features, and the prediction's two
        scores.ShouldContain(line => line.Contains("feature=\"at\"", StringComparison.Ordinal) && line.Contains("generation=\"v1\"", StringComparison.Ordinal));
        page.ShouldContain("peregrine_drift_weighted_score{");
        page.ShouldContain("peregrine_drift_missing_ratio{");
        page.ShouldContain("peregrine_drift_detected{");
    }

    internal static Task<TestNode> StartAsync(Action<DriftOptions>? configure = null)
    {
        var model = TestModels.Binary();
        return new ApiNodeBuilder().WithService(package: new TestPackage { Model = model with { Reference = TestReference.Of(model) } })
            .WithServices(services => services.Configure<DriftOptions>(configure ?? (_ => { }))).StartAsync();
    }

    /// <summary>Rows even over the reference, the amounts shifted, in calls of many.</summary>
    private static async Task AskAsync(TestNode node, int rows, Func<int, double> shift, int seed = 1)
    {
        var random = new Random(seed);
        var items = Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture,
            $$"""{"features":{"amount":{{random.NextDouble() * 100 + shift(i):R}},"country":"{{s_countries[random.Next(4)]}}","online":{{(random.Next(2) == 0 ? "true" : "false")}},"at":{{random.Next(86_400)}} } }"""));
        var answer = await node.PredictAsync($$"""{"items":[{{string.Join(',', items)}}]}""", "fraud/score/predict-multi");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    private static async Task<DriftAnswer> AnswerAsync(TestNode node, string query = "") =>
        (await node.AdminAsync(HttpMethod.Get, $"services/fraud/drift{query}")).Deserialize(DriftJson.Default.DriftAnswer)!;

    private static async Task<DriftReport> ReportAsync(TestNode node, string query = "") => (await AnswerAsync(node, query)).Reports.ShouldHaveSingleItem();
}
