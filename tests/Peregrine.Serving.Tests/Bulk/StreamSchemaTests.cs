using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.Tests.Bulk;

/// <summary>Records of streams that are not what the model was made from, by the settings of their endpoint.</summary>
public sealed class StreamSchemaTests
{
    private const string Csv = "amount,country,at,colour\n12.5,FR,,red\n1000,XX,,red\ntwelve,GB,,red\n";

    private const string Lines = """
        {"amount":12.5,"country":"FR","online":true,"at":null}
        {"amount":"7","country":"XX","online":true,"at":null}
        {"features":{"amount":1000,"country":"GB","colour" : 1,"at":null},"context":5}
        {"amount":"twelve","country":"GB","online":true,"at":null}

        """;

    [Fact]
    public async Task JsonLines_WithWarnings_HaveThemInTheirResults()
    {
        await using var node = await StartAsync(Each(FeaturePolicy.Warn));
        var lines = await AskAsync(node, "application/x-ndjson", Lines);
        lines.Select(Codes).ShouldBe(["", "ConvertedType UnseenCategory", "UnknownField MissingField OutOfRange", "WrongType", "-"]);
        ((string?)lines[2]["warnings"]![0]!["feature"]).ShouldBe("colour");
        ((string?)lines[3]["warnings"]![0]!["message"])!.ShouldContain("stands \"twelve\"");
        (await CountsAsync(node)).ShouldBe("""{"unknown_feature":1,"missing_feature":1,"wrong_type":1,"converted_type":1,"out_of_range":1,"unseen_category":1}""");
    }

    [Fact]
    public async Task Csv_WithWarnings_HasThoseOfItsHeaderInEveryResult()
    {
        await using var node = await StartAsync(Each(FeaturePolicy.Warn));
        var lines = await AskAsync(node, "text/csv", Csv);
        lines.Select(Codes).ShouldBe(["UnknownField MissingField", "UnknownField MissingField OutOfRange UnseenCategory", "WrongType UnknownField MissingField", "-"]);
        ((string?)lines[0]["warnings"]![0]!["feature"]).ShouldBe("colour");
        (await CountsAsync(node)).ShouldBe("""{"unknown_feature":3,"missing_feature":3,"wrong_type":1,"converted_type":0,"out_of_range":1,"unseen_category":1}""");
    }

    [Fact]
    public async Task Stream_WithMoreWarningsThanAreListed_TellsTheirNumber()
    {
        await using var node = await StartAsync(Each(FeaturePolicy.Warn), mostWarnings: 1);
        var lines = await AskAsync(node, "application/x-ndjson", Lines);
        lines.Select(Codes).ShouldBe(["", "ConvertedType", "", "", "-"]);
        lines.Take(4).Select(line => (int?)line["moreWarnings"]).ShouldBe([null, 1, 3, 1]);
    }

    [Theory]
    [InlineData("application/x-ndjson", "{\"amount\":1000,\"country\":\"FR\",\"online\":true,\"at\":null}\n{\"amount\":1,\"country\":\"XX\",\"online\":true,\"at\":null}\n", 1)]
    [InlineData("text/csv", "amount,country,online,at\n\n1000,FR,true,\n1,XX,true,\n", 3)]
    public async Task Stream_Refused_NamesLineAndFeatureAndGoesOn(string media, string body, int firstLine)
    {
        await using var node = await StartAsync(new PredictionSettings { OutOfRange = FeaturePolicy.Refuse, UnseenCategories = FeaturePolicy.Refuse });
        var lines = await AskAsync(node, media, body);
        lines.Take(2).Select(line => (string?)line["error"]!["errorType"]).ShouldBe(["OutOfRange", "UnseenCategory"]);
        lines.Take(2).Select(line => (int?)line["error"]!["line"]).ShouldBe([firstLine, firstLine + 1]);
        lines.Take(2).Select(line => (string?)line["error"]!["pointer"]).ShouldBe(["/amount", "/country"]);
        (await CountsAsync(node)).ShouldBe("""{"unknown_feature":0,"missing_feature":0,"wrong_type":0,"converted_type":0,"out_of_range":1,"unseen_category":1}""");
    }

    [Theory]
    [InlineData("application/x-ndjson", "{\"amount\":1000,\"country\":\"FR\",\"online\":true,\"at\":null}\n{\"x\":1}\n")]
    [InlineData("text/csv", "amount,country,online,at\n1000,FR,true,\nx,FR,true,\n")]
    public async Task Stream_OfAQuietEndpoint_TellsNothing(string media, string body)
    {
        await using var node = await StartAsync(new PredictionSettings { Quiet = true, OutOfRange = FeaturePolicy.Refuse });
        var lines = await AskAsync(node, media, body);
        lines.Take(2).Select(line => (string?)line["error"]!["errorType"]).ShouldBe(["BadRecord", "BadRecord"]);
        foreach (var line in lines) line.ToJsonString().ShouldNotContain("amount");
        (await CountsAsync(node)).ShouldContain("\"out_of_range\":1");
    }

    [Fact]
    public async Task Csv_OfAQuietEndpoint_TellsNothingOfItsHeaderEither()
    {
        await using var node = await StartAsync(new PredictionSettings { Quiet = true });
        using var content = new StringContent("x,y\n1,2\n", Encoding.UTF8, "text/csv");
        var answer = (await node.SendAsync(HttpMethod.Post, "public/api/v1/fraud/score/predict-multi", content)).ShouldFail(HttpStatusCode.BadRequest, "BadRecord");
        answer.Text.ShouldNotContain("amount");
        (await CountsAsync(node)).ShouldContain("\"unknown_feature\":1");
    }

    private static string Codes(JsonNode line) =>
        line["end"] is not null ? "-" : string.Join(' ', (line["warnings"]?.AsArray() ?? []).Select(warning => (string?)warning!["code"]));

    private static async Task<IReadOnlyList<JsonNode>> AskAsync(TestNode node, string media, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, "public/api/v1/fraud/score/predict-multi?onError=skip")) { Content = new StringContent(body, Encoding.UTF8, media) };
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await node.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static async Task<string> CountsAsync(TestNode node) =>
        (await node.AdminAsync(HttpMethod.Get, "metrics"))!["endpoints"]!.AsArray().Single(endpoint => (string?)endpoint!["generation"] == "v1")!["schema"]!.ToJsonString();

    private static PredictionSettings Each(FeaturePolicy policy) => new()
    {
        UnknownFeatures = policy, MissingFeatures = policy, WrongTypes = policy, ConvertedTypes = policy, OutOfRange = policy, UnseenCategories = policy,
    };

    private static Task<TestNode> StartAsync(PredictionSettings settings, int mostWarnings = 100) =>
        new ApiNodeBuilder().WithSetting("Serving:Schema:MostWarnings", $"{mostWarnings}").WithService(package: TestPackage.WithReference(settings)).StartAsync();
}
