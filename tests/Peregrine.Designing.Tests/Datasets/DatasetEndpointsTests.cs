using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Designing.Tests.Support;

namespace Peregrine.Designing.Tests.Datasets;

public sealed class DatasetEndpointsTests : IAsyncLifetime
{
    private const string Base = "/dip/publicapi/projects/P/datasets";
    private DesignNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await DesignNode.StartAsync();
        await _node.PostAsync("/dip/publicapi/projects/", """{"projectKey":"P","name":"p"}""");
        await _node.PostAsync($"{Base}/", """{"name":"pay","projectKey":"P","type":"UploadedFiles","params":{}}""");
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Create_CompletesEveryMemberThatClientsRead()
    {
        var settings = await _node.GetAsync($"{Base}/pay");
        foreach (var member in new[] { "type", "params", "formatType", "formatParams", "partitioning", "schema", "tags", "featureGroup" })
            settings.ContainsKey(member).ShouldBeTrue(member);
        settings["partitioning"]!["dimensions"].ShouldBeOfType<JsonArray>();
        (await _node.ListAsync($"{Base}/?foreign=False")).Single()!["schema"]!["columns"].ShouldBeOfType<JsonArray>();
        (await _node.GetAsync($"{Base}/pay/info")).ContainsKey("lastBuild").ShouldBeFalse();
    }

    [Theory]
    [InlineData("managed")]
    [InlineData("tables-import")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("../x")]
    [InlineData("-x")]
    public async Task Create_WithAReservedOrUnsafeName_Is400(string name)
    {
        var body = new JsonObject { ["name"] = name, ["type"] = "UploadedFiles" }.ToJsonString();
        var error = await _node.RefusedAsync(400, HttpMethod.Post, $"{Base}/", body);
        error["message"]!.GetValue<string>().ShouldContain("dataset name");
    }

    [Fact]
    public async Task Create_OfATypeThatIsNotRead_Is400AndSaysWhichIs()
    {
        var error = await _node.RefusedAsync(400, HttpMethod.Post, $"{Base}/", """{"name":"x","type":"PostgreSQL","params":{}}""");
        error["message"]!.GetValue<string>().ShouldContain("UploadedFiles");
    }

    [Fact]
    public async Task Exists_OfAnAbsentDataset_Is404()
    {
        await _node.RefusedAsync(404, HttpMethod.Get, $"{Base}/nothing/metadata");
        await _node.GetAsync($"{Base}/pay/metadata");
    }

    [Fact]
    public async Task UploadDetectSave_GivesTypedSchemaRowsAndStream()
    {
        using var upload = await _node.UploadAsync("P", "pay", "/home/ann/päy.csv", Encoding.UTF8.GetBytes(
            "id,amt,city,when,day,ok\n1,1.50,\"Tab\tbing, \"\"x\"\"\",2024-01-02 03:04:05,2024-01-02,true\n2,,Ulm,,,\n3,7,Köln,2024-01-03 00:00:00,2024-01-03,false\n"));
        upload.EnsureSuccessStatusCode();
        var files = await _node.ListAsync($"{Base}/pay/uploaded/files");
        files.Single()!["path"]!.GetValue<string>().ShouldBe("päy.csv");

        var future = await _node.PostAsync(
            $"{Base}/pay/actions/testAndDetectSettings/fsLike", """{"detectPossibleFormats":true,"inferStorageTypes":true}""");
        var job = future["jobId"]!.GetValue<string>();
        var format = (await _node.GetAsync($"/dip/publicapi/futures/{job}?peek=False"))["result"]!["format"]!;
        format["ok"]!.GetValue<bool>().ShouldBeTrue();
        Types(format["schemaDetection"]!["newSchema"]!).ShouldBe(["bigint", "double", "string", "date", "dateonly", "boolean"]);

        var settings = await _node.GetAsync($"{Base}/pay");
        settings["formatType"] = format["type"]!.DeepClone();
        settings["formatParams"] = format["params"]!.DeepClone();
        settings["schema"] = format["schemaDetection"]!["newSchema"]!.DeepClone();
        settings["mine"] = "kept";
        await _node.PutAsync($"{Base}/pay", settings);
        (await _node.GetAsync($"{Base}/pay"))["mine"]!.GetValue<string>().ShouldBe("kept");

        var rows = await _node.GetAsync($"{Base}/pay/rows?offset=1&limit=5");
        rows["total"]!.GetValue<int>().ShouldBe(3);
        rows["rows"]!.AsArray().Count.ShouldBe(2);
        rows["rows"]![0]!.ToJsonString().ShouldBe("""["2",null,"Ulm",null,null,null]""");

        using var stream = await _node.SendAsync(HttpMethod.Get, $"{Base}/pay/data/?format=tsv-excel-noheader&readSessionId=s-1");
        (await stream.Content.ReadAsByteArrayAsync()).ShouldBe(Encoding.UTF8.GetBytes(
            "1\t1.5\t\"Tab\tbing, \"\"x\"\"\"\t2024-01-02T03:04:05.000Z\t2024-01-02\ttrue\n2\t\tUlm\t\t\t\n3\t7\tKöln\t2024-01-03T00:00:00.000Z\t2024-01-03\tfalse\n"));
        (await _node.GetAsync($"{Base}/pay/finish-streaming/?readSessionId=s-1"))["ok"]!.GetValue<bool>().ShouldBeTrue();
        await _node.RefusedAsync(404, HttpMethod.Get, $"{Base}/pay/finish-streaming/?readSessionId=never");
    }

    [Fact]
    public async Task Detect_WithoutTypes_LeavesEveryColumnText()
    {
        await Upload("a,b\n1,2\n3,4\n");
        var future = await _node.PostAsync(
            $"{Base}/pay/actions/testAndDetectSettings/fsLike", """{"detectPossibleFormats":true,"inferStorageTypes":false}""");
        Types(future["result"]!["format"]!["schemaDetection"]!["newSchema"]!).ShouldBe(["string", "string"]);
    }

    [Fact]
    public async Task Upload_Gzip_IsReadByItsContent()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write("a,b\n1,x\n2,y\n"u8);
        using var answer = await _node.UploadAsync("P", "pay", "t.csv.gz", compressed.ToArray());
        answer.EnsureSuccessStatusCode();
        (await _node.GetAsync($"{Base}/pay/rows"))["total"]!.GetValue<int>().ShouldBe(2);
    }

    [Theory]
    [InlineData("x,y\n1,2\n3\n", "RaggedRow")]
    [InlineData("a,a\n1,2\n3,4\n", "DuplicateColumnName")]
    [InlineData("a,\n1,2\n3,4\n", "EmptyColumnName")]
    [InlineData("", "MissingFile")]
    [InlineData("{\"a\":1}\n{\"a\":2}\n", "NotCsv")]
    public async Task Upload_OfABadFile_IsRefusedAndHarmsNothing(string content, string code)
    {
        await Upload("x,y\n1,2\n3,4\n");
        using var answer = await _node.UploadAsync("P", "pay", "other.csv", Encoding.UTF8.GetBytes(content));
        ((int)answer.StatusCode).ShouldBeInRange(400, 422);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        if (content.Length > 0) error["errorType"]!.GetValue<string>().ShouldBe(code);
        error["detailedMessage"]!.GetValue<string>().Length.ShouldBeGreaterThan(20);
        (await _node.GetAsync($"{Base}/pay/rows"))["total"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Upload_RaggedRow_SaysWhichRow()
    {
        using var answer = await _node.UploadAsync("P", "pay", "other.csv", "a,b\n1,2\n3,4\n5\n7,8\n"u8.ToArray());
        ((int)answer.StatusCode).ShouldBe(422);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        error["errors"]![0]!["pointer"]!.GetValue<string>().ShouldStartWith("/rows/4");
    }

    [Fact]
    public async Task Upload_WithTheSameName_ReplacesTheRows()
    {
        await Upload("x,y\n1,2\n3,4\n");
        await Upload("x,y\n9,9\n");
        (await _node.GetAsync($"{Base}/pay/rows"))["total"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Settings_ThatTheFilesCannotBeReadBy_AreRefused()
    {
        await Upload("x,y\n1,2\n3,4\n");
        var settings = await _node.GetAsync($"{Base}/pay");
        settings["formatParams"]!["separator"] = ";";
        var error = await _node.RefusedAsync(400, HttpMethod.Put, $"{Base}/pay", settings.ToJsonString());
        error["message"]!.GetValue<string>().ShouldContain("separat");
    }

    [Fact]
    public async Task Schema_WithATypeNobodyKnows_Is400()
    {
        var error = await _node.RefusedAsync(
            400, HttpMethod.Put, $"{Base}/pay/schema", """{"columns":[{"name":"a","type":"varchar"}]}""");
        error["message"]!.GetValue<string>().ShouldContain("'a'");
    }

    [Fact]
    public async Task Delete_ThenCreate_StartsEmpty()
    {
        await Upload("x,y\n1,2\n3,4\n");
        await _node.JsonAsync(HttpMethod.Delete, $"{Base}/pay?dropData=False");
        await _node.PostAsync($"{Base}/", """{"name":"pay","projectKey":"P","type":"UploadedFiles","params":{}}""");
        (await _node.ListAsync($"{Base}/pay/uploaded/files")).ShouldBeEmpty();
        await _node.RefusedAsync(409, HttpMethod.Get, $"{Base}/pay/rows");
    }

    [Fact]
    public async Task Clear_TakesTheRowsAndKeepsTheSettings()
    {
        await Upload("x,y\n1,2\n3,4\n");
        (await _node.JsonAsync(HttpMethod.Delete, $"{Base}/pay/data")).ShouldBeOfType<JsonObject>();
        (await _node.ListAsync($"{Base}/pay/uploaded/files")).ShouldBeEmpty();
        await _node.GetAsync($"{Base}/pay");
    }

    private static IEnumerable<string> Types(JsonNode schema) => schema["columns"]!.AsArray().Select(column => column!["type"]!.GetValue<string>());

    private async Task Upload(string csv)
    {
        using var answer = await _node.UploadAsync("P", "pay", "t.csv", Encoding.UTF8.GetBytes(csv));
        answer.EnsureSuccessStatusCode();
    }
}
