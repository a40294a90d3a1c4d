using System.Text.Json.Nodes;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Cli;

/// <summary>From a CSV file to an answered lookup, by the command line alone.</summary>
public sealed class LookupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lookup_OfAnUploadedTable_IsDeployedAndAsked()
    {
        var file = _folder["merchants.csv"];
        await File.WriteAllTextAsync(file, "country,number,name,risk\nFR,1,Ann,0.25\nFR,2,Bob,\nGB,1,Cyd,0.5\nGB,1,Dot,0.75\n");
        await using var server = await RunningServer.StartAsync(_folder["data"], seconds: 240);
        (await server.RunAsync("project", "create", "SHOP")).ShouldExit(0);
        (await server.RunAsync("dataset", "upload", "SHOP", file, "--name", "merchants")).ShouldExit(0);
        (await server.RunAsync("service", "create", "SHOP", "refs")).ShouldExit(0);

        string[] add = ["service", "add-endpoint", "SHOP", "refs", "merchant"];
        (await server.RunAsync([.. add])).ShouldExit(2).Errors.ShouldContain("either --model SAVED_MODEL or --lookup DATASET");
        (await server.RunAsync([.. add, "--model", "M1", "--key", "country"])).ShouldExit(2).Errors.ShouldContain("--lookup");
        (await server.RunAsync([.. add, "--lookup", "merchants"])).ShouldExit(2).Errors.ShouldContain("--key");
        (await server.RunAsync([.. add, "--lookup", "merchants", "--key", "county"])).ShouldExit(2).Errors.ShouldContain("Did you mean 'country'?");
        (await server.RunAsync([.. add, "--lookup", "merchants", "--key", "country", "--key", "number", "--column", "name", "--column", "risk", "--cache", "60", "--test-queries", "2"]))
            .ShouldExit(0).Output.ShouldContain("Endpoint refs/merchant serves the rows of merchants.");
        (await server.RunAsync("service", "list", "SHOP")).ShouldExit(0).Output.ShouldContain("merchant (merchants)");

        (await server.RunAsync("package", "create", "SHOP", "refs", "v1")).ShouldExit(0);
        (await server.RunAsync("publish", "SHOP", "refs", "v1")).ShouldExit(0);
        (await server.RunAsync("infra", "create", "dev", "--stage", "Development", "--node", server.NodeUrl.AbsoluteUri)).ShouldExit(0);
        (await server.RunAsync("deploy", "refs", "v1", "--infra", "dev")).ShouldExit(0).Output.ShouldContain("HEALTHY");

        var one = JsonNode.Parse((await server.RunAsync("query", "refs-on-dev", "merchant", """{"data":{"country":"FR","number":1}}""")).ShouldExit(0).Output)!;
        one["results"]!.ToJsonString().ShouldBe("""[{"data":{"country":"FR","number":1,"name":"Ann","risk":0.25},"ignored":false}]""");
        var many = JsonNode.Parse((await server.RunAsync("query", "refs-on-dev", "merchant", """[{"data":{"country":"FR","number":2}},{"data":{"country":"GB","number":1}},{"data":{"country":"?","number":1}}]""")).ShouldExit(0).Output)!;
        many["results"]!.AsArray().Select(result => (string?)result!["ignoreReason"] ?? (string?)result["data"]!["name"]).ShouldBe(["Bob", "MULTIPLE_LOOKUP_MATCHES", "NO_LOOKUP_MATCH"]);
        (await server.RunAsync("query", "refs-on-dev", "merchant", """{"data":{"country":"FR"}}""")).ShouldExit(2).Errors.ShouldContain("'number' is not given");
    }
}
