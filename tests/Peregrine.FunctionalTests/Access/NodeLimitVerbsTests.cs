using System.Text.Json.Nodes;

namespace Peregrine.FunctionalTests.Access;

public sealed class NodeLimitVerbsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Limits_SetReplacedAndRemovedByTheCommandLine()
    {
        await using var node = await NodeServer.StartAsync(_folder["node"]);
        using var body = new StringContent("""{"serviceId":"fraud"}""");
        (await node.Http.PostAsync("admin/api/services/", body)).EnsureSuccessStatusCode();

        (await node.AdminAsync("limits", "set", "fraud", "burst", "--limit", "200", "--window", "1m")).ShouldExit(0);
        (await node.AdminAsync("limits", "set", "fraud", "day", "--limit", "1000000", "--period", "day", "--unit", "rows", "--per", "service")).ShouldExit(0);
        (await node.AdminAsync("limits", "set", "fraud", "burst", "--limit", "300", "--window", "1s", "--endpoint", "score", "--for-key", "key-1")).ShouldExit(0);
        var rules = JsonNode.Parse((await node.AdminAsync("limits", "list", "fraud", "--json")).ShouldExit(0).Output)!["rules"]!.AsArray();
        rules.Select(rule => $"{rule!["id"]} {rule["limit"]} {rule["unit"]} {rule["windowSeconds"]}{rule["period"]} {rule["per"]} {rule["endpoint"]} {rule["key"]}")
            .ShouldBe(["day 1000000 rows day service  ", "burst 300 requests 1 key score key-1"]);
        (await node.AdminAsync("limits", "list", "fraud")).ShouldExit(0).Output.ShouldContain("1000000 rows in a day");

        (await node.AdminAsync("limits", "remove", "fraud", "burst")).ShouldExit(0);
        (await node.AdminAsync("limits", "remove", "fraud", "burst")).ShouldExit(2).Errors.ShouldContain("no rule 'burst'");
        (await node.AdminAsync("limits", "set", "fraud", "x", "--limit", "1")).ShouldExit(2).Errors.ShouldContain("--window");
        (await node.AdminAsync("limits", "set", "fraud", "x", "--limit", "0", "--period", "day")).ShouldExit(2).Errors.ShouldContain("/rules/1/limit");
        (await node.AdminAsync("limits", "list", "nope")).ShouldExit(2);
    }
}
