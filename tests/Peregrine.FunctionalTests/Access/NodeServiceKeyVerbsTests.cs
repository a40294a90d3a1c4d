using System.Text.Json.Nodes;

namespace Peregrine.FunctionalTests.Access;

public sealed class NodeServiceKeyVerbsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ServiceKeys_AddedRotatedAndRevokedByTheCommandLine()
    {
        await using var node = await NodeServer.StartAsync(_folder["node"]);
        using var body = new StringContent("""{"serviceId":"fraud"}""");
        (await node.Http.PostAsync("admin/api/services/", body)).EnsureSuccessStatusCode();

        var added = JsonNode.Parse((await node.AdminAsync("service-keys", "add", "fraud", "shop", "--expiry", "90d", "--endpoint", "score", "--json")).ShouldExit(0).Output)!;
        ((string?)added["key"]).ShouldNotBeNull().ShouldStartWith("pgn_");
        (await node.AdminAsync("service-keys", "rotate", "fraud", $"{added["id"]}", "--overlap", "0s")).ShouldExit(0).Output.ShouldStartWith("pgn_");
        var keys = JsonNode.Parse((await node.AdminAsync("service-keys", "list", "fraud", "--json")).ShouldExit(0).Output)!.AsArray();
        keys.Select(key => (string?)key!["state"]).ShouldBe(["expired", "active"]);
        keys.Select(key => (string?)key!["label"]).ShouldBe(["shop", "shop"]);
        (await node.AdminAsync("service-keys", "list", "fraud")).ShouldExit(0).Output.ShouldContain("score");
        (await node.AdminAsync("service-keys", "revoke", "fraud", $"{keys[1]!["id"]}")).ShouldExit(0);
        (await node.AdminAsync("service-keys", "revoke", "fraud", $"{keys[1]!["id"]}")).ShouldExit(2).Errors.ShouldContain("has no key");

        (await node.AdminAsync("keys", "add", "ops", "--role", "operator", "--expiry", "1d")).ShouldExit(0).Output.ShouldStartWith("pgn_");
        (await node.AdminAsync("keys", "list")).ShouldExit(0).Output.ShouldContain("operator");
        (await node.AdminAsync("keys", "add", "ops", "--role", "king")).ShouldExit(2);
        (await node.AdminAsync("audit", "tail", "-n", "50")).ShouldExit(0).Output.ShouldContain("POST /admin/api/services/{service}/keys");
        (await node.AdminAsync("audit", "tail", "-n", "0")).ShouldExit(2).Errors.ShouldContain("--lines");
        (await node.AdminAsync("service-keys", "add", "fraud", "shop", "--expiry", "someday")).ShouldExit(2).Errors.ShouldContain("--expiry");
    }
}
