using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Peregrine.FunctionalTests.Access;
using Peregrine.FunctionalTests.ApiNode;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Deployments;

/// <summary>A Deployer and a node as processes of their own, and the verbs that keep rate limits, shadows and keys of a deployment.</summary>
public sealed class DeploymentVerbsTests : IDisposable
{
    private const string Key = "admin-key-of-the-deployer";

    private readonly TemporaryFolder _folder = new();
    private string _url = "";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deployment_ItsLimitsShadowsAndKeys_AreKeptByTheCommandLine()
    {
        await using var node = await NodeServer.StartAsync(_folder["node"]);
        await using var deployer = await StartAsync();
        (await RunAsync("infra", "create", "dev", "--node", node.Url.AbsoluteUri, "--node-key", NodeServer.Key)).ShouldExit(0);
        await PublishAsync("v1", "v2");
        (await RunAsync("deploy", "fraud", "v1", "--infra", "dev", "--id", "d1")).ShouldExit(0);

        // Rate limits
        (await RunAsync("deployment", "rate-limits", "set", "d1", "burst", "--limit", "2", "--window", "1h", "--per", "service")).ShouldExit(0).Output.ShouldContain("HEALTHY");
        (await RunAsync("deployment", "rate-limits", "set", "d1", "day", "--limit", "1000", "--period", "day", "--unit", "rows", "--no-update")).ShouldExit(0).Output.ShouldContain("next update");
        for (var i = 0; i < 3; i++) await AskAsync(node);
        var rules = JsonNode.Parse((await RunAsync("deployment", "rate-limits", "list", "d1", "--json")).ShouldExit(0).Output)!["rules"]!.AsArray();
        rules.Select(rule => $"{rule!["rule"]!["id"]} {rule["rule"]!["limit"]} {rule["nodes"]!.AsArray().Count} {rule["refused"]}").ShouldBe(["burst 2 1 1", "day 1000 0 0"]);
        (await RunAsync("deployment", "rate-limits", "list", "d1")).ShouldExit(0).Output.ShouldContain("1000 rows in a day");
        (await RunAsync("deployment", "rate-limits", "set", "d1", "bad", "--limit", "0", "--period", "day")).ShouldExit(2).Errors.ShouldContain("/rateLimits/2/limit");
        (await RunAsync("deployment", "rate-limits", "set", "d1", "bad", "--limit", "1")).ShouldExit(2).Errors.ShouldContain("--window");
        (await RunAsync("deployment", "rate-limits", "remove", "d1", "burst")).ShouldExit(0);
        (await RunAsync("deployment", "rate-limits", "remove", "d1", "burst")).ShouldExit(2).Errors.ShouldContain("no rule 'burst'");
        (await node.AdminAsync("limits", "list", "fraud")).ShouldExit(0).Output.ShouldNotContain("burst");

        // Shadows
        (await RunAsync("deployment", "shadows", "set", "d1", "v2")).ShouldExit(0).Output.ShouldContain("HEALTHY");
        for (var i = 0; i < 5; i++) (await AskAsync(node)).ShouldBe(HttpStatusCode.OK);
        var board = await EventuallyAsync(
            async () => JsonNode.Parse((await RunAsync("deployment", "shadows", "compare", "d1", "--json")).ShouldExit(0).Output)!,
            told => told["comparisons"]!.AsArray() is [{ } one] && (long)one["records"]! == 5);
        ((double)board["comparisons"]![0]!["agreement"]!).ShouldBe(1, "both versions are of the same model");
        (await RunAsync("deployment", "shadows", "compare", "d1")).ShouldExit(0).Output.ShouldContain("score\tv1\tv2\t5");
        (await RunAsync("deployment", "shadows", "set", "d1", "v9=0.5")).ShouldExit(2).Errors.ShouldContain("/shadows/0/generation");
        (await RunAsync("deployment", "shadows", "set", "d1", "v2=half")).ShouldExit(2);
        (await RunAsync("deployment", "shadows", "remove", "d1", "v2")).ShouldExit(0);
        (await RunAsync("deployment", "shadows", "remove", "d1", "v2")).ShouldExit(2);

        // Keys
        var secret = (await RunAsync("deployment", "keys", "add", "d1", "checkout", "--expiry", "90d", "--endpoint", "score")).ShouldExit(0).Output.Trim();
        secret.ShouldStartWith("pgn_");
        var list = JsonNode.Parse((await RunAsync("deployment", "keys", "list", "d1", "--json")).ShouldExit(0).Output)!["keys"]!.AsArray();
        ((string?)list.ShouldHaveSingleItem()!["label"], (bool)list[0]!["nodes"]![0]!["present"]!).ShouldBe(("checkout", true));
        (await node.AdminAsync("service-keys", "list", "fraud")).ShouldExit(0).Output.ShouldContain("checkout\tdeployer\tactive");
        var rotated = JsonNode.Parse((await RunAsync("deployment", "keys", "rotate", "d1", $"{list[0]!["id"]}", "--overlap", "12h", "--json")).ShouldExit(0).Output)!;
        ((string?)rotated["details"]!["replaces"]).ShouldBe((string?)list[0]!["id"]);
        (await RunAsync("deployment", "keys", "revoke", "d1", $"{list[0]!["id"]}")).ShouldExit(0);
        var table = (await RunAsync("deployment", "keys", "list", "d1")).ShouldExit(0).Output;
        table.ShouldNotContain($"{list[0]!["id"]}\t");
        table.ShouldStartWith("KEY\tLABEL\tSOURCE\tSTATE\tEXPIRY\tLAST USED\tENDPOINTS\tNODES");
        table.ShouldContain("\tnone known\tscore\t1 of 1");
        (await RunAsync("deployment", "keys", "revoke", "d1", "nope")).ShouldExit(2).Errors.ShouldContain("no key 'nope'");
        (await RunAsync("deployment", "keys", "add", "d1", "x", "--endpoint", "nope")).ShouldExit(2).Errors.ShouldContain("/endpoints/0");
    }

    private Task<PeregrineResult> RunAsync(params string[] arguments) => PeregrineProcess.RunAsync([.. arguments, "--url", _url, "--key", Key], seconds: 120);

    private async Task<PeregrineProcess> StartAsync()
    {
        var process = PeregrineProcess.Start(["deployer", "--data-dir", _folder["deployer"], "--port", "0"], new Dictionary<string, string?> { ["PEREGRINE_ADMIN_KEY"] = Key });
        await process.WaitForLineAsync("Ready.");
        _url = Regex.Match(process.Output, @"http://127\.0\.0\.1:\d+").Value;
        return process;
    }

    private async Task PublishAsync(params string[] versions)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_url) };
        http.DefaultRequestHeaders.Authorization = RunningServer.Basic(Key);
        using var service = new StringContent("""{"publishedServiceId":"fraud"}""");
        (await http.PostAsync("/public/api/api-deployer/services", service)).EnsureSuccessStatusCode();
        foreach (var version in versions)
        {
            using var form = new MultipartFormDataContent();
            form.Add(new ByteArrayContent(NodePackage.Write(version)), "file", "package.zip");
            (await http.PostAsync("/public/api/api-deployer/services/fraud/versions", form)).EnsureSuccessStatusCode();
        }
    }

    private static async Task<HttpStatusCode> AskAsync(NodeServer node)
    {
        using var body = new StringContent("""{"features":{"amount":12.5}}""");
        using var answer = await node.Http.PostAsync("/public/api/v1/fraud/score/predict", body);
        return answer.StatusCode;
    }

    private static async Task<JsonNode> EventuallyAsync(Func<Task<JsonNode>> ask, Func<JsonNode, bool> expected)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var told = await ask();
            if (expected(told)) return told;
            deadline.IsCancellationRequested.ShouldBeFalse($"still: {told}");
        }
    }
}
