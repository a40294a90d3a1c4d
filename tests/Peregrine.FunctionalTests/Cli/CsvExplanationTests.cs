using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Designing.Tests.Support;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Cli;

/// <summary><c>query --csv --explain</c> against a node: its columns hold what the same record is told alone.</summary>
public sealed class CsvExplanationTests : IDisposable
{
    /// <summary>More than one part of what the verb sends at a time.</summary>
    private const int Rows = 12_000;

    private static readonly string[] s_fields = ["when", "card", "amount", "kind", "age", "note"];

    private static readonly string[] s_query = ["query", "fraud-on-dev", "score"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Csv_WithExplain_HasTheInfluencesOfEachRecordAlone()
    {
        await using var server = await StartAsync();
        await File.WriteAllBytesAsync(_folder["rows.csv"], PaymentTable.Csv(Rows, seed: 8));
        new FileInfo(_folder["rows.csv"]).Length.ShouldBeGreaterThan(512 * 1024);
        await ShouldEqualAsync(server, method: null, top: null, most: 3);
        await ShouldEqualAsync(server, "ice", top: 2, most: 2);
        await ShouldEqualAsync(server, "shapley", top: 99, most: s_fields.Length);

        var plain = (await server.RunAsync([.. s_query, "--csv", _folder["rows.csv"]])).ShouldExit(0);
        plain.Output.Split('\n')[0].ShouldBe("prediction,probaPercentile,proba_0,proba_1,ignored,ignoreReason,error");
        plain.Errors.ShouldContain("12,000 records scored.");
        await BadInputAsync(server);
    }

    private async Task ShouldEqualAsync(RunningServer server, string? method, int? top, int most)
    {
        string[] why = [.. method is null ? ["--explain"] : new[] { "--explain", method }, .. top is null ? [] : new[] { "--top", $"{top}" }];
        (await server.RunAsync([.. s_query, "--csv", _folder["rows.csv"], "--out", _folder["out.csv"], .. why])).ShouldExit(0).Errors.ShouldContain("12,000 records scored into");
        var lines = await File.ReadAllLinesAsync(_folder["out.csv"]);
        lines.Length.ShouldBe(Rows + 1);
        lines[0].ShouldBe($"prediction,probaPercentile,proba_0,proba_1,{string.Join(',', s_fields.Select(field => $"explanation_{field}"))},ignored,ignoreReason,error");
        foreach (var line in lines.Skip(1)) line.Split(',')[4..^3].Count(cell => cell.Length > 0).ShouldBe(most, line);

        var table = (await File.ReadAllLinesAsync(_folder["rows.csv"])).Select(line => line.Split(',')).ToList();
        foreach (var row in new[] { 1, 17, Rows })
        {
            var record = new JsonObject(table[0].Zip(table[row]).Where(pair => pair.First != "is_fraud").Select(pair => KeyValuePair.Create(pair.First, pair.Second.Length == 0 ? null : Value(pair.First, pair.Second))));
            var alone = JsonNode.Parse((await server.RunAsync([.. s_query, record.ToJsonString(), .. why, "--json"])).ShouldExit(0).Output)!["result"]!;
            var cells = lines[row].Split(',');
            cells[0].ShouldBe((string?)alone["prediction"]);
            double.Parse(cells[3], CultureInfo.InvariantCulture).ShouldBe((double)alone["probas"]!["1"]!);
            s_fields.Zip(cells[4..^3]).Where(told => told.Second.Length > 0).ToDictionary(told => told.First, told => double.Parse(told.Second, CultureInfo.InvariantCulture))
                .ShouldBe(alone["explanations"]!.AsObject().ToDictionary(told => told.Key, told => (double)told.Value!), ignoreOrder: true);
        }
    }

    private async Task BadInputAsync(RunningServer server)
    {
        string[] csv = [.. s_query, "--csv", _folder["rows.csv"], "--out", _folder["out.csv"]];
        var former = await File.ReadAllTextAsync(_folder["out.csv"]);
        (await server.RunAsync([.. csv, "--top", "2"])).ShouldExit(2).Errors.ShouldContain("--top goes with --explain");
        (await server.RunAsync([.. csv, "--explain", "magic"])).ShouldExit(2).Errors.ShouldContain("shapley or ice");
        (await server.RunAsync([.. csv, "--explain", "--top", "0"])).ShouldExit(2).Errors.ShouldContain("whole number from 1");
        (await server.RunAsync([.. csv, "--explain", "--json"])).ShouldExit(2).Errors.ShouldContain("--json does not go with --csv");
        (await server.RunAsync([.. csv, "--explain", "--file", _folder["rows.csv"]])).ShouldExit(2).Errors.ShouldContain("either with --csv");
        (await server.RunAsync([.. s_query, "--explain", """{"amount":1}"""])).ShouldExit(2).Errors.ShouldContain("is no method");
        (await server.RunAsync([.. s_query[..2], "second", .. csv[3..], "--explain"])).ShouldExit(2).Errors.ShouldContain("no endpoint 'second'");
        (await File.ReadAllTextAsync(_folder["out.csv"])).ShouldBe(former, "who is refused loses no former results");

        (await server.RunAsync([.. s_query, "--csv", _folder["rows.csv"], "--out", _folder["nowhere/out.csv"], "--explain"])).ShouldExit(2).Errors.ShouldContain("cannot be written");
        (await server.RunAsync([.. s_query, "--csv", _folder["nowhere.csv"], "--explain"])).ShouldExit(2).Errors.ShouldContain("There is no file");
        await File.WriteAllTextAsync(_folder["empty.csv"], "");
        (await server.RunAsync([.. s_query, "--csv", _folder["empty.csv"], "--explain"])).ShouldExit(2).Errors.ShouldContain("is empty");
        await File.WriteAllTextAsync(_folder["shoe.csv"], "amount,shoe\n1,2\n");
        (await server.RunAsync([.. s_query, "--csv", _folder["shoe.csv"], "--explain"])).ShouldExit(2).Errors.ShouldContain("'shoe'");
    }

    private static JsonNode Value(string column, string text) => column is "amount" or "age" ? double.Parse(text, CultureInfo.InvariantCulture) : text;

    private async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync(_folder["data"], seconds: 300);
        try
        {
            await File.WriteAllBytesAsync(_folder["pay.csv"], PaymentTable.Csv(800));
            (await server.RunAsync("project", "create", "P")).ShouldExit(0);
            (await server.RunAsync("dataset", "upload", "P", _folder["pay.csv"], "--name", "pay")).ShouldExit(0);
            var models = JsonNode.Parse((await server.RunAsync("train", "P", "pay", "--target", "is_fraud", "--algorithms", "boosting", "--ignore", "payment_id", "--json")).ShouldExit(0).Output)!;
            var saved = (await server.RunAsync("model", "deploy", "P", (string)models[0]!["fullModelId"]!, "--name", "fraud")).ShouldExit(0).Output.Trim().Split(' ')[^1];
            (await server.RunAsync("service", "create", "P", "fraud")).ShouldExit(0);
            (await server.RunAsync("service", "add-endpoint", "P", "fraud", "score", "--model", saved)).ShouldExit(0);
            (await server.RunAsync("package", "create", "P", "fraud", "v1")).ShouldExit(0);
            (await server.RunAsync("publish", "P", "fraud", "v1")).ShouldExit(0);
            (await server.RunAsync("infra", "create", "dev", "--stage", "Development", "--node", server.NodeUrl.AbsoluteUri)).ShouldExit(0);
            (await server.RunAsync("deploy", "fraud", "v1", "--infra", "dev")).ShouldExit(0).Output.ShouldContain("HEALTHY");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
