using System.Globalization;
using System.Net;

namespace Peregrine.Serving.Tests.Bulk;

public sealed class ColumnsTests
{
    private const string Path = "fraud/score/predict-multi";

    [Fact]
    public async Task PredictMulti_Columns_GivesTheAnswerOfItems()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = TestModels.Trees() }).StartAsync();
        var rows = Enumerable.Range(0, 70).ToList();
        var amounts = rows.Select(i => i % 9 == 8 ? "null" : string.Create(CultureInfo.InvariantCulture, $"{i * 1.25}")).ToList();
        var countries = rows.Select(i => i % 2 == 0 ? "\"FR\"" : "\"G\\u0042\"").ToList();
        var columns = $$$"""{"context":{"n":1},"columns":{ "country" : [{{{string.Join(" , ", countries)}}}],"id":7,"amount":[{{{string.Join(',', amounts)}}}],"online":[{{{string.Join(',', rows.Select(_ => "true"))}}}],"at":[{{{string.Join(',', rows.Select(_ => "null"))}}}]}}""";
        var items = $$$"""{"items":[{{{string.Join(',', rows.Select(i => $$$$"""{"features":{"amount":{{{{amounts[i]}}}},"country":{{{{countries[i]}}}},"online":true,"at":null}}"""))}}}]}""";
        var fromColumns = (await node.PredictAsync(columns, Path)).ShouldSucceed();
        var fromItems = (await node.PredictAsync(items, Path)).ShouldSucceed();
        fromColumns.Json["results"]!.ToJsonString().ShouldBe(fromItems.Json["results"]!.ToJsonString());
        fromColumns.Json["results"]!.AsArray().Count.ShouldBe(70);
    }

    [Theory]
    [InlineData("""{"columns":{"amount":[1,2],"country":["FR"],"online":[true,true],"at":[null,null]}}""", "UnevenColumns", "/columns/country")]
    [InlineData("""{"columns":{"amount":[1,"x"],"country":["FR","GB"],"online":[true,true],"at":[null,null]}}""", "WrongType", "/columns/amount/1")]
    [InlineData("""{"columns":{"amount":[1]}}""", "MissingField", "/columns/country")]
    [InlineData("""{"columns":{"amount":1,"country":[],"online":[],"at":[]}}""", "WrongType", "/columns/amount")]
    [InlineData("""{"columns":{"amuont":[1]}}""", "UnknownField", "/columns/amuont")]
    [InlineData("""{"columns":[]}""", "WrongType", "/columns")]
    [InlineData("""{"columns":{},"items":[]}""", "DuplicateMember", "/items")]
    public async Task PredictMulti_BadColumns_PointsAtThem(string body, string errorType, string pointer)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var answer = (await node.PredictAsync(body, Path)).ShouldFail(HttpStatusCode.BadRequest, errorType);
        ((string?)answer.Json["errors"]![0]!["pointer"]).ShouldBe(pointer);
    }

    [Fact]
    public async Task PredictMulti_Columns_LogsEachRecordAsAnObject()
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        (await node.PredictAsync("""{"columns":{"amount":[1,2.50],"country":["FR", null],"online":[true,0],"at":[null,"2026-01-31"]}}""", Path)).ShouldSucceed();
        var deadline = DateTime.UtcNow.AddSeconds(20);
        var text = "";
        while (!text.Contains("\"record\":1", StringComparison.Ordinal) && DateTime.UtcNow < deadline)
        {
            await Task.Delay(10);
            text = Directory.Exists($"{node.Folder}/logs") ? string.Concat(Directory.GetFiles($"{node.Folder}/logs", "*.jsonl").Select(Read)) : "";
        }

        text.ShouldContain("\"features\":{\"amount\":1,\"country\":\"FR\",\"online\":true,\"at\":null}");
        text.ShouldContain("\"features\":{\"amount\":2.50,\"country\":null,\"online\":0,\"at\":\"2026-01-31\"}");
    }

    private static string Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(stream).ReadToEnd();
    }
}
