using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.QueryLog;
using Peregrine.Serving.QueryLog.Sinks;
using Peregrine.Serving.Tests.Transport;

namespace Peregrine.Serving.Tests.Metrics;

/// <summary>Runs alone: nodes of one process share an instrument of one name, and it ends for all of them with the first that stops.</summary>
[Collection(nameof(MetricsPageTests))]
[CollectionDefinition(nameof(MetricsPageTests), DisableParallelization = true)]
public sealed partial class MetricsPageTests
{
    [Fact]
    public async Task Page_HasEveryMetricOfDashboardAndAlerts()
    {
        await using var node = await BusyNodeAsync();
        using var tls = new TlsFolder();
        await using var secure = await tls.Node().StartAsync();
        tls.Write(tls.Authority.Server("second"));
        await Eventually.TrueAsync(async () => (await ScrapeAsync(secure, "text/plain")).Contains("peregrine_tls_reloads_total", StringComparison.Ordinal));
        var scrapes = await ScrapeAsync(node, "text/plain") + await ScrapeAsync(secure, "text/plain");
        var there = Series().Matches(scrapes).Select(match => match.Groups["name"].Value).ToHashSet();
        var folder = Path.Combine(Root(), "eng", "observability");
        var files = Directory.GetFiles(folder).Select(File.ReadAllText).ToList();
        files.Count.ShouldBeGreaterThanOrEqualTo(2);
        var wanted = files.SelectMany(text => Names().Matches(text).Select(match => match.Value)).Distinct().ToList();
        wanted.Count.ShouldBeGreaterThan(15);
        wanted.Where(name => !there.Contains(name)).ShouldBeEmpty(string.Join('\n', there.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Page_CountsTheStagesOfEachAnswer()
    {
        await using var node = await BusyNodeAsync();
        var scrape = await ScrapeAsync(node, "text/plain");
        foreach (var stage in new[] { "bind", "score", "write" })
            scrape.ShouldContain($"peregrine_inference_stage_duration_seconds_count{{service=\"fraud\",endpoint=\"score\",generation=\"v1\",stage=\"{stage}\"}} 3\n");
        scrape.ShouldContain("stage=\"bind\",le=\"+Inf\"} 3\n");
        Value(scrape, "peregrine_generation_memory_bytes").ShouldBeInRange(2_000, 1_000_000);
        Value(scrape, "peregrine_generation_share").ShouldBe(1);
    }

    [Fact]
    public async Task Meters_OfADeletedGeneration_GoWithIt()
    {
        await using var node = await BusyNodeAsync();
        await node.ImportAsync("fraud", new TestPackage { Version = "v2", Model = TestModels.Binary(bias: 2) }.Write());
        await node.SwitchAsync("v2");
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        (await MeteredAsync(node)).ShouldBe(["", "v1", "v2"]);
        var before = await ScrapeAsync(node, "text/plain");
        before.ShouldContain("peregrine_inference_stage_duration_seconds_count{service=\"fraud\",endpoint=\"score\",generation=\"v1\"");
        FamiliesOf(before, "v1").Count.ShouldBeGreaterThan(6);

        await node.AdminAsync(HttpMethod.Delete, "services/fraud/generations/v1");

        (await MeteredAsync(node)).ShouldBe(["", "v2"]);
        var after = await ScrapeAsync(node, "text/plain");
        FamiliesOf(after, "v1").ShouldBeEmpty();
        FamiliesOf(before, "v2").ShouldBeSubsetOf(FamiliesOf(after, "v2"));
        FamiliesOf(await ScrapeAsync(node, "application/openmetrics-text"), "v1").ShouldBeEmpty();
        await node.AdminAsync(HttpMethod.Delete, "services/fraud");
        (await MeteredAsync(node)).ShouldBeEmpty();
        (await ScrapeAsync(node, "text/plain")).ShouldNotContain("service=\"fraud\"");
    }

    private static HashSet<string> FamiliesOf(string scrape, string generation) =>
        [.. scrape.Split('\n').Where(line => line.Contains($"generation=\"{generation}\"", StringComparison.Ordinal)).Select(line => line[..line.IndexOf('{', StringComparison.Ordinal)])];

    private static async Task<List<string>> MeteredAsync(TestNode node) =>
        [.. (await node.AdminAsync(HttpMethod.Get, "metrics"))!["endpoints"]!.AsArray().Select(one => (string?)one!["generation"] ?? "").Distinct().Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Page_AsOpenMetrics_EndsWithItsMarkOnce()
    {
        await using var node = await BusyNodeAsync();
        var scrape = await ScrapeAsync(node, "application/openmetrics-text");
        scrape.ShouldEndWith("# EOF\n");
        scrape.IndexOf("# EOF", StringComparison.Ordinal).ShouldBe(scrape.Length - 6);
        scrape.ShouldContain("# UNIT peregrine_inference_stage_duration_seconds seconds\n");
    }

    private static async Task<TestNode> BusyNodeAsync()
    {
        var node = await new ApiNodeBuilder().WithServices(services => services.Configure<QueryLogOptions>(log => log.Sinks.Add(new SinkOptions { Url = "http://127.0.0.1:9/", Attempts = 1 })))
            .WithService().StartAsync();
        for (var i = 0; i < 3; i++) (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        await node.PredictAsync("{}");
        await node.PredictAsync("{}", "fraud/nothing/predict");
        GC.Collect();
        return node;
    }

    private static async Task<string> ScrapeAsync(TestNode node, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var answer = await node.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(accept);
        return await answer.Content.ReadAsStringAsync();
    }

    private static double Value(string scrape, string name) => double.Parse(
        Regex.Match(scrape, $@"^{name}{{[^\n]*}} (\S+)", RegexOptions.Multiline, TimeSpan.FromSeconds(5)).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Peregrine.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"^(?<name>[a-z_]+?)(\{[^\n]*\})? [^\n]*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Series();

    [GeneratedRegex(@"\b(peregrine|dotnet|http|kestrel|process)_[a-z_]+\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Names();
}
