using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Designing.Tests.Support;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Verification;

namespace Peregrine.Designing.Tests.ApiServices;

public sealed class LookupEndpointTests(LookupEndpointTests.MerchantsNode merchants) : IClassFixture<LookupEndpointTests.MerchantsNode>
{
    private const string Merchants = "id,segment,risk,online,since\nM1,travel,0.25,true,2020-01-31\nM2,food,,false,2021-02-28\nM3,food,0.5,true,\nM3,fuel,0.75,true,\n,lost,1,true,\n";

    private readonly DesignNode _node = merchants.Node;

    [Fact]
    public async Task Settings_OfALookupWithTheFewestMembers_AreCompleted()
    {
        var service = await AddAsync("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":["id"]}""");
        var endpoint = (await _node.GetAsync($"{service}/settings"))["endpoints"]![0]!;
        endpoint.ToJsonString().ShouldBe(
            """{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":["id"],"columns":["segment","risk","online","since"],"noMatch":"IGNORE","severalMatches":"IGNORE","cache":{"enabled":false,"ttlSeconds":60,"maxEntries":10000,"maxBytes":16777216},"testQueries":[]}""");
        var listed = (await _node.ListAsync("/dip/publicapi/projects/P/apiservices/")).Single(one => service.EndsWith((string)one!["id"]!, StringComparison.Ordinal))!["endpoints"]![0]!;
        ((string?)listed["type"], (string?)listed["dataset"]).ShouldBe(("DATASETS_LOOKUP", "merchants"));
    }

    [Theory]
    [InlineData("""{"id":"m","type":"DATASETS_LOOKUP"}""", "/endpoints/0/dataset /endpoints/0/keys")]
    [InlineData("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"none","keys":["id"]}""", "/endpoints/0/dataset")]
    [InlineData("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":["idd"],"columns":["risk","seg"]}""", "/endpoints/0/keys/0 /endpoints/0/columns/1")]
    [InlineData("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":["id",7],"columns":["risk","id"]}""", "/endpoints/0/keys/1 /endpoints/0/columns/1")]
    [InlineData("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":"id","columns":"risk"}""", "/endpoints/0/keys /endpoints/0/keys /endpoints/0/columns")]
    [InlineData("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":["id"],"noMatch":"MAYBE","severalMatches":7}""", "/endpoints/0/noMatch /endpoints/0/severalMatches")]
    [InlineData("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":["id"],"cache":{"enabled":"yes","ttlSeconds":1.5}}""", "/endpoints/0/cache/enabled /endpoints/0/cache/ttlSeconds")]
    [InlineData("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":["id"],"cache":{"ttlSeconds":0}}""", "/endpoints/0/cache/ttlSeconds")]
    [InlineData("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":["id"],"testQueries":[{"q":{"features":{}}}]}""", "/endpoints/0/testQueries/0")]
    public async Task Settings_OfALookupWithFaults_AreRefusedWithEveryPlace(string endpoint, string pointers)
    {
        var service = await MakeServiceAsync();
        var settings = await _node.GetAsync($"{service}/settings");
        settings["endpoints"]!.AsArray().Add(JsonNode.Parse(endpoint));
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{service}/settings", settings.ToJsonString());
        error["errors"]!.AsArray().Select(item => item!["pointer"]!.GetValue<string>()).ShouldBe(pointers.Split(' '), ignoreOrder: true, error.ToJsonString());
        (await _node.GetAsync($"{service}/settings"))["endpoints"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task TestQueries_OfALookup_ComeFromTheDatasetAndAreAnsweredInProcess()
    {
        var service = await AddAsync("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"merchants","keys":["id"],"columns":["segment","risk"]}""");
        var made = await _node.PostAsync($"{service}/endpoints/m/test-queries/actions/generate?rows=2", "");
        made["testQueries"]!.ToJsonString().ShouldBe("""[{"q":{"data":{"id":"M1"}}},{"q":{"data":{"id":"M3"}}}]""");
        var ran = (await _node.PostAsync($"{service}/endpoints/m/test-queries/actions/run", ""))["responses"]!;
        ran[0]!["result"]!.ToJsonString().ShouldBe("""{"data":{"id":"M1","segment":"travel","risk":0.25},"ignored":false}""");
        ran[1]!["result"]!.ToJsonString().ShouldBe("""{"ignored":true,"ignoreReason":"MULTIPLE_LOOKUP_MATCHES"}""");
        var asked = await _node.PostAsync($"{service}/endpoints/m/test-queries/actions/run", """{"queries":[{"q":{"data":{"nothing":1}}},{"data":{"id":"M2"}}]}""");
        ((string?)asked["responses"]![0]!["error"]).ShouldBe("'nothing' is no column of the key. The key is 'id'.");
        ((string?)asked["responses"]![1]!["result"]!["data"]!["segment"]).ShouldBe("food");
        (await _node.RefusedAsync(409, HttpMethod.Get, $"{service}/endpoints/m/schema"))["detailedMessage"]!.GetValue<string>().ShouldContain("only predictions");
    }

    [Fact]
    public async Task Package_OfALookup_HoldsTheRowsOfThatMoment()
    {
        await _node.CreateDatasetAsync("changing", Encoding.UTF8.GetBytes(Merchants));
        var service = await AddAsync("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"P.changing","keys":["id"],"columns":["segment","since"],"severalMatches":"FIRST","cache":{"enabled":true,"ttlSeconds":5}}""");
        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        using (var replaced = await _node.UploadAsync("P", "changing", "changing.csv", Encoding.UTF8.GetBytes("id,segment,since\nM9,new,2026-01-01\n"))) replaced.EnsureSuccessStatusCode();
        (await _node.SendAsync(HttpMethod.Post, $"{service}/packages/v2")).EnsureSuccessStatusCode();

        var first = await LoadAsync(service, "v1");
        first.Table.Rows.ShouldBe(4, "a row without a key is left out");
        first.Table.Columns.Select(column => $"{column.Field.Name}:{column.Field.Kind}").ShouldBe(["id:Text", "segment:Text", "since:Date"]);
        (first.Settings.Dataset, first.Settings.SeveralMatches, first.Settings.Cache!.TtlSeconds).ShouldBe(("P.changing", SeveralMatchesPolicy.First, 5));
        (await LoadAsync(service, "v2")).Table.Rows.ShouldBe(1);
        var summary = (await _node.GetAsync($"{service}/packages/v1/summary"))["endpoints"]![0]!;
        ((string?)summary["type"], (string?)summary["dataset"], (int?)summary["rows"]).ShouldBe(("DATASETS_LOOKUP", "P.changing", 5));
    }

    [Fact]
    public async Task Package_OfALookupWhoseColumnIsGone_IsRefused()
    {
        await _node.CreateDatasetAsync("losing", Encoding.UTF8.GetBytes(Merchants));
        var service = await AddAsync("""{"id":"m","type":"DATASETS_LOOKUP","dataset":"losing","keys":["id"],"columns":["risk"]}""");
        using (var replaced = await _node.UploadAsync("P", "losing", "losing.csv", Encoding.UTF8.GetBytes("id,segment\nM9,new\n"))) replaced.EnsureSuccessStatusCode();
        (await _node.RefusedAsync(409, HttpMethod.Post, $"{service}/packages/v1"))["detailedMessage"]!.GetValue<string>().ShouldContain("no longer has column 'risk'");
    }

    /// <returns>The path of a service of its own.</returns>
    private async Task<string> MakeServiceAsync()
    {
        var service = $"/dip/publicapi/projects/P/apiservices/s{Guid.NewGuid():N}";
        (await _node.SendAsync(HttpMethod.Post, service)).EnsureSuccessStatusCode();
        return service;
    }

    private async Task<string> AddAsync(string endpoint)
    {
        var service = await MakeServiceAsync();
        var settings = await _node.GetAsync($"{service}/settings");
        settings["endpoints"]!.AsArray().Add(JsonNode.Parse(endpoint));
        await _node.PutAsync($"{service}/settings", settings);
        return service;
    }

    private async Task<LookupEndpoint> LoadAsync(string service, string version)
    {
        using var download = await _node.SendAsync(HttpMethod.Get, $"{service}/packages/{version}/archive");
        using var reader = PackageReader.Open(new MemoryStream(await download.Content.ReadAsByteArrayAsync()));
        return (LookupEndpoint)new PackageVerifier(EndpointKinds.All).Verify(reader, CancellationToken.None).EnsureFaithful().Endpoints["m"];
    }

    /// <summary>A node with the dataset, shared by the tests.</summary>
    public sealed class MerchantsNode : IAsyncLifetime
    {
        internal DesignNode Node { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Node = await DesignNode.StartAsync();
            await Node.CreateDatasetAsync("merchants", Encoding.UTF8.GetBytes(Merchants));
        }

        public ValueTask DisposeAsync() => Node.DisposeAsync();
    }
}
