using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Demo;

public sealed partial class DemoTests(DemoFixture demo)
{
    [Fact]
    public async Task Demo_Once_DoesTheWholeJobAndEndsWith0()
    {
        var result = (await demo.OnceAsync()).ShouldExit(0);

        foreach (var word in new[] { "FRAUD", "Logistic", "forest", "boosted", "ROC AUC", "PR AUC", "LOG-LOSS", "HEALTHY", "v1", "Development", "curl -s" })
            result.Output.ShouldContain(word);
        File.GetUnixFileMode(Path.Combine(demo.DataDirectory, "demo-service-key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        JsonDocument.Parse(demo.Request).RootElement.GetProperty("features").EnumerateObject().Count().ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Demo_ItsModels_AreGoodAndTreesBeatTheLine()
    {
        var output = (await demo.OnceAsync()).ShouldExit(0).Output;
        var scores = Leaderboard().Matches(output).ToDictionary(
            match => match.Groups["name"].Value.Trim(), match => (Roc: Number(match.Groups["roc"]), Pr: Number(match.Groups["pr"])), StringComparer.Ordinal);

        scores.Count.ShouldBe(3, output);
        var boosted = scores.Single(one => one.Key.Contains("boosted", StringComparison.OrdinalIgnoreCase)).Value;
        var line = scores.Single(one => one.Key.Contains("Logistic", StringComparison.OrdinalIgnoreCase)).Value;
        boosted.Roc.ShouldBeInRange(0.97, 0.999);
        boosted.Pr.ShouldBeGreaterThan(0.65);
        line.Pr.ShouldBeLessThan(boosted.Pr - 0.1);
    }

    [Fact]
    public async Task Demo_Again_GoesOnAndItsCurlLineWorksAsPasted()
    {
        var server = await demo.ServeAsync();
        var line = await server.Process.WaitForLineAsync("curl -s");

        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", line]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var answer = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();

        var result = JsonDocument.Parse(answer).RootElement;
        result.GetProperty("result").GetProperty("prediction").GetString().ShouldBeOneOf("0", "1");
        result.GetProperty("result").GetProperty("probas").GetProperty("1").GetDouble().ShouldBeInRange(0, 1);
        result.GetProperty("result").GetProperty("probaPercentile").GetInt32().ShouldBeInRange(0, 100);
        result.GetProperty("apiContext").GetProperty("serviceGeneration").GetString().ShouldBe("v1");
        result.GetProperty("timing").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task Demo_Served_RefusesCallersWithoutTheKey()
    {
        var server = await demo.ServeAsync();
        using var client = new HttpClient { BaseAddress = server.NodeUrl };
        (await client.PostAsync("/public/api/v1/fraud/score/predict", new StringContent(demo.Request))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        client.DefaultRequestHeaders.Authorization = RunningServer.Basic(demo.ServiceKey);
        (await client.PostAsync("/public/api/v1/fraud/score/predict", new StringContent(demo.Request))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Demo_Served_ShowsItsDeploymentToTheVerbs()
    {
        var server = await demo.ServeAsync();
        (await server.RunAsync("deployment", "status", "fraud-on-local")).ShouldExit(0).Output.ShouldContain("HEALTHY");
        (await server.RunAsync("project", "list", "--json")).ShouldExit(0).Output.ShouldContain("\"FRAUD\"");
        (await server.RunAsync("dataset", "schema", "FRAUD", "payments")).ShouldExit(0).Output.ShouldContain("card_id\tstring");
        var answer = await PeregrineProcess.RunAsync(
            ["query", "fraud-on-local", "score", "--service-key", demo.ServiceKey, "--data-dir", server.Directory], input: demo.Request);
        answer.ShouldExit(0).Output.ShouldContain("probas");
        var refused = await PeregrineProcess.RunAsync(["query", "fraud-on-local", "score", "--data-dir", server.Directory], input: demo.Request);
        refused.ShouldExit(2).Errors.ShouldContain("--service-key");
    }

    private static double Number(Group group) => double.Parse(group.Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ +(?<name>\S[^\d\n]*?) +(?<roc>0\.\d{4}) +(?<pr>0\.\d{4}) +\d+\.\d{5} +\d", RegexOptions.Multiline)]
    private static partial Regex Leaderboard();
}
