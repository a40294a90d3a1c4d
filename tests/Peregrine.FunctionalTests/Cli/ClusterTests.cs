using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.Cli;

/// <summary>Three groups of shoppers, by the command line alone: from a CSV to the cluster of a record.</summary>
public sealed class ClusterTests : IDisposable
{
    private static readonly (double Visits, double Basket, string Channel)[] s_groups = [(2, 20, "shop"), (12, 60, "web"), (30, 300, "app")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shoppers_FromTheFileToAnAnswer_FallIntoTheGroupsTheyWereMadeOf()
    {
        await File.WriteAllTextAsync(_folder["shoppers.csv"], Shoppers(rows: 450));
        await using var server = await RunningServer.StartAsync(_folder["data"], seconds: 300);
        (await server.RunAsync("project", "create", "SHOP")).ShouldExit(0);
        (await server.RunAsync("dataset", "upload", "SHOP", _folder["shoppers.csv"])).ShouldExit(0);
        await BadInputAsync(server);

        var model = JsonNode.Parse((await server.RunAsync("train", "SHOP", "shoppers", "--clusters", "2-5", "--ignore", "name", "--json")).ShouldExit(0).Output)!.AsArray().ShouldHaveSingleItem()!;
        ((int)model["clusters"]!).ShouldBe(3);
        ((double)model["silhouette"]!).ShouldBeGreaterThan(0.7);
        var id = (string)model["fullModelId"]!;
        var shown = (await server.RunAsync("model", "show", "SHOP", id)).ShouldExit(0).Output;
        shown.ShouldContain("cluster_2\t150\t33.3 %\t");
        shown.ShouldContain("channel app 100 %, overall 33 %");
        var saved = (await server.RunAsync("model", "deploy", "SHOP", id, "--name", "groups")).ShouldExit(0).Output.Trim().Split(' ')[^1];

        (await server.RunAsync("service", "create", "SHOP", "shop")).ShouldExit(0);
        (await server.RunAsync("service", "add-endpoint", "SHOP", "shop", "group", "--model", saved)).ShouldExit(0);
        (await server.RunAsync("package", "create", "SHOP", "shop", "v1")).ShouldExit(0);
        (await server.RunAsync("publish", "SHOP", "shop", "v1")).ShouldExit(0);
        (await server.RunAsync("infra", "create", "dev", "--stage", "Development", "--node", server.NodeUrl.AbsoluteUri)).ShouldExit(0);
        (await server.RunAsync("deploy", "shop", "v1", "--infra", "dev")).ShouldExit(0).Output.ShouldContain("HEALTHY");

        var labels = new HashSet<string>();
        foreach (var (visits, basket, channel) in s_groups)
        {
            var record = new JsonObject { ["visits"] = visits, ["basket"] = basket, ["channel"] = channel };
            var answer = JsonNode.Parse((await server.RunAsync("query", "shop-on-dev", "group", record.ToJsonString())).ShouldExit(0).Output)!["result"]!;
            labels.Add((string)answer["prediction"]!).ShouldBeTrue();
            ((double)answer["distance"]!).ShouldBeLessThan(0.6);
        }

        (await server.RunAsync("query", "shop-on-dev", "group", "--csv", _folder["shoppers.csv"], "--out", _folder["groups.csv"])).ShouldExit(0);
        var lines = await File.ReadAllLinesAsync(_folder["groups.csv"]);
        lines.Skip(1).Select((line, row) => (Label: line.Split(',')[0], Group: row % 3)).Distinct().Count().ShouldBe(3);
    }

    private static async Task BadInputAsync(RunningServer server)
    {
        (await server.RunAsync("train", "SHOP", "shoppers")).ShouldExit(2).Errors.ShouldContain("--target COLUMN");
        (await server.RunAsync("train", "SHOP", "shoppers", "--clusters", "3", "--target", "channel")).ShouldExit(2).Errors.ShouldContain("one of the two");
        (await server.RunAsync("train", "SHOP", "shoppers", "--clusters", "1")).ShouldExit(2).Errors.ShouldContain("from 2 to 100");
        (await server.RunAsync("train", "SHOP", "shoppers", "--clusters", "3", "--outliers", "0.5")).ShouldExit(2).Errors.ShouldContain("0.2");
        (await server.RunAsync("train", "SHOP", "shoppers", "--clusters", "3", "--train-ratio", "0.5")).ShouldExit(2).Errors.ShouldContain("--train-ratio");
        (await server.RunAsync("train", "SHOP", "shoppers", "--target", "channel", "--outliers", "0.1")).ShouldExit(2).Errors.ShouldContain("--clusters");
    }

    /// <summary>Row by row of the groups in turn.</summary>
    private static string Shoppers(int rows)
    {
        var random = new Random(3);
        var csv = new StringBuilder("name,visits,basket,channel\n");
        for (var row = 0; row < rows; row++)
        {
            var (visits, basket, channel) = s_groups[row % 3];
            csv.Append(CultureInfo.InvariantCulture, $"n{row:D4},{visits + random.Next(3)},{basket * (0.9 + (random.NextDouble() * 0.2)):0.00},{channel}\n");
        }

        return csv.ToString();
    }
}
