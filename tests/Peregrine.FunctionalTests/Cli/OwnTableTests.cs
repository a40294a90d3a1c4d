using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.FunctionalTests.Demo;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Cli;

/// <summary>A user's own file, by the command line alone: from a CSV to an answer.</summary>
public sealed class OwnTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Adult_FromTheFileToAnAnswer_ReachesTheScoreOfGoodDefaults()
    {
        var file = Repository.SharedData("adult.csv.gz");
        if (file is null) Assert.Skip("the sample table adult.csv.gz is not beside the repository");
        await using var server = await RunningServer.StartAsync(_folder["data"]);
        (await server.RunAsync("project", "create", "PEOPLE")).ShouldExit(0);
        (await server.RunAsync("dataset", "upload", "PEOPLE", file, "--name", "adult")).ShouldExit(0).Output.ShouldContain("32,561 rows");
        var rows = JsonNode.Parse((await server.RunAsync("dataset", "rows", "PEOPLE", "adult", "--limit", "2", "--json")).ShouldExit(0).Output)!;
        rows["rows"]!.AsArray().Count.ShouldBe(2);

        var models = JsonNode.Parse((await server.RunAsync("train", "PEOPLE", "adult", "--target", "salary", "--algorithms", "boosting", "--json")).ShouldExit(0).Output)!.AsArray();
        var best = models.MaxBy(model => model!["auc"]!.GetValue<double>())!;
        best["auc"]!.GetValue<double>().ShouldBeGreaterThan(0.92);
        var id = (best["fullModelId"] ?? best["id"])!.GetValue<string>();
        var saved = (await server.RunAsync("model", "deploy", "PEOPLE", id, "--name", "salary")).ShouldExit(0).Output.Trim().Split(' ')[^1];

        await PublishAsync(server, saved);
        await QueryAsync(server);
        var table = BitForBitTests.ReadTable(file);
        await BitForBitTests.ShouldEqualAsync(server, "PEOPLE", "salary", "predict", "v1", key: null, table, [.. Enumerable.Range(0, table.Rows)]);
    }

    private static async Task PublishAsync(RunningServer server, string savedModel)
    {
        (await server.RunAsync("service", "create", "PEOPLE", "salary")).ShouldExit(0);
        (await server.RunAsync("service", "add-endpoint", "PEOPLE", "salary", "predict", "--model", savedModel)).ShouldExit(0);
        (await server.RunAsync("service", "set-schema", "PEOPLE", "salary", "predict", "--converted-types", "warn")).ShouldExit(0).Output.ShouldContain("warn");
        (await server.RunAsync("service", "set-schema", "PEOPLE", "salary", "predict", "--converted-types", "maybe")).ShouldExit(2).Errors.ShouldContain("maybe");
        (await server.RunAsync("service", "set-schema", "PEOPLE", "salary", "nothing", "--quiet", "true")).ShouldExit(2).Errors.ShouldContain("nothing");
        JsonNode.Parse((await server.RunAsync("service", "set-schema", "PEOPLE", "salary", "predict", "--json")).ShouldExit(0).Output)!["quiet"]!.GetValue<bool>().ShouldBeFalse();
        await SetLogAsync(server);
        (await server.RunAsync("package", "create", "PEOPLE", "salary", "v1", "--notes", "first")).ShouldExit(0);
        (await server.RunAsync("publish", "PEOPLE", "salary", "v1")).ShouldExit(0);
        (await server.RunAsync("infra", "create", "dev", "--stage", "Development", "--node", server.NodeUrl.AbsoluteUri)).ShouldExit(0);
        (await server.RunAsync("deploy", "salary", "v1", "--infra", "dev")).ShouldExit(0).Output.ShouldContain("HEALTHY");
        (await server.RunAsync("deploy", "salary", "v9", "--infra", "dev")).ExitCode.ShouldNotBe(0);
        (await server.RunAsync("deployment", "rollback", "salary-on-dev", "--to", "v1")).ShouldExit(0);
        (await server.RunAsync("apinode", "admin", "list")).ShouldExit(0).Output.ShouldContain("salary");
    }

    private static async Task SetLogAsync(RunningServer server)
    {
        string[] verb = ["service", "set-log", "PEOPLE", "salary", "predict"];
        (await server.RunAsync([.. verb, "--column", "age"])).ShouldExit(2).Errors.ShouldContain("COLUMN=keep|hash|drop|bucket");
        (await server.RunAsync([.. verb, "--column", "age=bucket:9,1"])).ShouldExit(2).Errors.ShouldContain("do not rise");
        var shown = (await server.RunAsync([.. verb, "--prepared-in-log", "true", "--column", "race=drop", "--column", "features:occupation=hash", "--column", "age=bucket:20,40,60"])).ShouldExit(0).Output;
        shown.ShouldContain("prepared in log\ttrue");
        shown.ShouldContain("column\tage=bucket:20,40,60");
        JsonNode.Parse((await server.RunAsync([.. verb, "--json"])).ShouldExit(0).Output)!["logColumns"]![1]!.ToJsonString().ShouldBe("""{"column":"occupation","in":"FEATURES","action":"HASH"}""");
    }

    /// <summary>The first query's line: what the rules hide stands nowhere in it.</summary>
    private static async Task LogShouldHoldWhatTheRulesKeepAsync(RunningServer server)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            var tail = (await server.RunAsync("apinode", "admin", "logs", "tail", "--service", "salary", "--lines", "1", "--json")).ShouldExit(0).Output.Trim();
            if (tail.Length == 0 && DateTime.UtcNow < deadline) continue;
            var line = JsonNode.Parse(tail)!;
            foreach (var holder in new[] { line["features"]!, line["postEnrich"]! })
            {
                ((string?)holder["age"]).ShouldBe("40..60");
                ((string?)holder["occupation"])!.ShouldMatch("^hash:[0-9a-f]{32}$");
                holder.AsObject().ContainsKey("race").ShouldBeFalse();
                ((string?)holder["education"]).ShouldBe("Masters");
            }

            tail.ShouldNotContain("Exec-managerial");
            return;
        }
    }

    private async Task QueryAsync(RunningServer server)
    {
        var record = new JsonObject
        {
            ["age"] = 52, ["workclass"] = "Self-emp-inc", ["fnlwgt"] = 287927, ["education"] = "Masters", ["education-num"] = 14, ["marital-status"] = "Married-civ-spouse",
            ["occupation"] = "Exec-managerial", ["relationship"] = "Husband", ["race"] = "White", ["sex"] = "Male", ["capital-gain"] = 15024, ["capital-loss"] = 0,
            ["hours-per-week"] = 40, ["native-country"] = null,
        };
        var path = _folder["record.json"];
        await File.WriteAllTextAsync(path, record.ToJsonString());
        var answer = JsonDocument.Parse((await server.RunAsync("query", "salary-on-dev", "predict", "--file", path)).ShouldExit(0).Output).RootElement;
        answer.GetProperty("result").GetProperty("prediction").GetString().ShouldBe(">50K");
        answer.GetProperty("result").TryGetProperty("warnings", out _).ShouldBeFalse();
        await LogShouldHoldWhatTheRulesKeepAsync(server);
        record["age"] = "52";
        await File.WriteAllTextAsync(path, record.ToJsonString());
        await ExplainAsync(server, path);
        var warned = JsonDocument.Parse((await server.RunAsync("query", "salary-on-dev", "predict", "--file", path)).ShouldExit(0).Output).RootElement;
        warned.GetProperty("result").GetProperty("warnings")[0].GetProperty("feature").GetString().ShouldBe("age");
        record["shoe-size"] = 44;
        await File.WriteAllTextAsync(path, record.ToJsonString());
        (await server.RunAsync("query", "salary-on-dev", "predict", "--file", path)).ShouldExit(2).Errors.ShouldContain("shoe-size");
    }

    private static async Task ExplainAsync(RunningServer server, string path)
    {
        var lines = (await server.RunAsync("query", "salary-on-dev", "predict", "--file", path, "--explain", "--top", "4")).ShouldExit(0).Output.Trim().Split('\n');
        lines[0].ShouldStartWith("prediction >50K, ");
        lines[1].ShouldStartWith("FEATURE\tVALUE\tINFLUENCE");
        lines.Length.ShouldBe(6);
        lines[2].ShouldMatch(@"^capital-gain\t15024\t\+[0-9.]+\t\+{20}");
        var ice = JsonNode.Parse((await server.RunAsync("query", "salary-on-dev", "predict", "--file", path, "--explain", "ice", "--top", "2", "--json")).ShouldExit(0).Output)!;
        ice["result"]!["explanations"]!.AsObject().Count.ShouldBe(2);
        (await server.RunAsync("query", "salary-on-dev", "predict", "--file", path, "--top", "2")).ShouldExit(2).Errors.ShouldContain("--explain");
        (await server.RunAsync("query", "salary-on-dev", "predict", "--file", path, "--explain", "magic")).ShouldExit(2).Errors.ShouldContain("shapley or ice");
        (await server.RunAsync("query", "salary-on-dev", "predict", "--file", path, "--explain", "--top", "0")).ShouldExit(2).Errors.ShouldContain("--top");
    }
}
