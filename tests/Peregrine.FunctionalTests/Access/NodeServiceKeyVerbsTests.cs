using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Peregrine.FunctionalTests.ApiNode;
using Peregrine.FunctionalTests.Processes;
using Peregrine.Packages.Manifests;

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

    [Fact]
    public async Task ServiceKeys_List_TellsWhenEachWasUsedLast()
    {
        await using var node = await NodeServer.StartAsync(_folder["node"]);
        using var body = new StringContent("""{"serviceId":"fraud"}""");
        (await node.Http.PostAsync("admin/api/services/", body)).EnsureSuccessStatusCode();
        using var package = new ByteArrayContent(NodePackage.Write(authorization: new ServiceAuthorization { Method = AuthorizationMethod.ApiKeys }));
        (await node.Http.PostAsync("admin/api/services/fraud/generations", package)).EnsureSuccessStatusCode();
        (await node.AdminAsync("switch", "fraud", "v1")).ShouldExit(0);
        var shop = (await node.AdminAsync("service-keys", "add", "fraud", "shop")).ShouldExit(0).Output.Trim();
        (await node.AdminAsync("service-keys", "add", "fraud", "idle")).ShouldExit(0);
        (await AskAsync(node, "pgn_another")).ShouldBe(HttpStatusCode.Unauthorized);
        var unused = JsonNode.Parse((await node.AdminAsync("service-keys", "list", "fraud", "--json")).ShouldExit(0).Output)!.AsArray();
        unused.Select(key => key!.AsObject().TryGetPropertyValue("lastUsed", out var value) ? value?.ToString() ?? "null" : "absent").ShouldBe(["null", "null"]);

        var before = DateTimeOffset.UtcNow;
        (await AskAsync(node, shop)).ShouldBe(HttpStatusCode.OK);

        var keys = JsonNode.Parse((await node.AdminAsync("service-keys", "list", "fraud", "--json")).ShouldExit(0).Output)!.AsArray();
        var used = DateTimeOffset.Parse((string)keys.Single(key => (string?)key!["label"] == "shop")!["lastUsed"]!, CultureInfo.InvariantCulture);
        used.ShouldBe(before, TimeSpan.FromMinutes(1));
        var table = (await node.AdminAsync("service-keys", "list", "fraud")).ShouldExit(0).Output;
        table.ShouldStartWith("KEY\tLABEL\tSOURCE\tSTATE\tEXPIRY\tLAST USED\tENDPOINTS");
        table.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"\tshop\tnode\tactive\t\t{used.UtcDateTime:yyyy-MM-dd HH:mm}Z\tall"));
        table.ShouldContain("\tidle\tnode\tactive\t\tnone known\tall");
    }

    private static async Task<HttpStatusCode> AskAsync(NodeServer node, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Url, "public/api/v1/fraud/score/predict"));
        request.Headers.Authorization = RunningServer.Basic(key);
        request.Content = new StringContent("""{"features":{"amount":12.5}}""");
        using var answer = await node.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
