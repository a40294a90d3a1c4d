using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Serving.Tests.Drift;
using Peregrine.Serving.Tests.OpenApi;
using Peregrine.Serving.Tests.OpenInference;

namespace Peregrine.Serving.Tests.Clustering;

/// <summary>A clustering endpoint, asked in every way that the node has.</summary>
public sealed class ClusteringEndpointTests
{
    private const string Multi = "fraud/score/predict-multi";
    private static readonly string[] s_labels = ["cluster_0", "cluster \"one\"", "cluster_2"];
    private static readonly TestPackage s_package = new() { Model = TestModels.Clusters() };

    [Fact]
    public async Task Predict_Record_NamesTheNearestClusterAndHowFarEachIs()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        // Features: 12.5 / 3, FR, not GB, online, noon.
        double[] point = [12.5 / 3, 1, 0, 1, 0];
        var distances = new[] { Distance(point, [0.5, 1, 0, 0.25, 0]), Distance(point, [4, 0, 1, 1, 0.5]), Distance(point, [15, 0.5, 0, 1, -1]) };
        var result = (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed().Json["result"]!.AsObject();
        ((string?)result["prediction"]).ShouldBe("cluster \"one\"");
        ((double)result["distance"]!).ShouldBe(distances[1], 1e-12);
        for (var i = 0; i < 3; i++) ((double)result["distances"]![s_labels[i]]!).ShouldBe(distances[i], 1e-12);
        result.Select(member => member.Key).ShouldBe(["prediction", "distance", "distances", "ignored"]);
        ((string?)(await ResultAsync(node, """{"amount":100,"country":"XX","online":true,"at":null}"""))["prediction"]).ShouldBe("cluster_outliers");
        (await ResultAsync(node, """{"amount":null,"country":"FR","online":true,"at":null}""")).ToJsonString().ShouldBe("""{"ignored":true,"ignoreReason":"IGNORED_BY_MODEL"}""");
    }

    [Fact]
    public async Task EveryCall_OfTheSameRecords_GivesTheSameResults()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).WithGeneration(new TestPackage { Model = s_package.Model, Version = "v2" }).StartAsync();
        await node.AdminAsync(HttpMethod.Post, "services/fraud/generations/v2/preload");
        var records = new InferRecords(40);
        var features = Enumerable.Range(0, records.Count).Select(records.Features).ToList();
        var expected = features.Select(s_package.Expected).ToList();
        expected.ShouldContain(result => result.Contains("cluster_outliers", StringComparison.Ordinal));
        expected.ShouldContain(result => result.Contains("\"ignored\":true", StringComparison.Ordinal));

        for (var i = 0; i < 8; i++) (await node.PredictFeaturesAsync(features[i])).ShouldSucceed().Result.ShouldBe(expected[i]);
        (await ManyAsync(node, $$"""{"items":[{{string.Join(',', features.Select(one => $"{{\"features\":{one}}}"))}}]}""")).ShouldBe(Written(expected));
        (await ManyAsync(node, $$"""{"columns":{{Columns(features)}}}""")).ShouldBe(Written(expected));
        var forced = (await node.PredictAsync($$$"""{"features":{{{features[0]}}},"dispatch":{"forcedGeneration":"v2"}}""")).ShouldSucceed();
        (forced.Generation, forced.Result).ShouldBe(("v2", expected[0]));
        var simple = await node.GetAsync("public/api/v1/fraud/score/predict-simple?amount=12.5&country=FR&online=true&at=2026-01-31T12:00:00Z");
        simple.ShouldSucceed().Result.ShouldBe(s_package.Expected(TestPackage.GoodFeatures));

        var lines = (await StreamAsync(node, "application/x-ndjson", "application/x-ndjson", string.Join('\n', features))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[..^1].ShouldBe(expected);
        var table = (await StreamAsync(node, "application/x-ndjson", "text/csv", string.Join('\n', features))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        table[0].ShouldBe("prediction,distance,distance_cluster_0,\"distance_cluster \"\"one\"\"\",distance_cluster_2,ignored,ignoreReason,error");
        for (var i = 0; i < expected.Count; i++) table[i + 1].ShouldBe(CsvLine(expected[i]));
    }

    [Fact]
    public async Task Infer_OverRestAndGrpc_DescribesItsOutputsAndGivesTheBitsOfPredict()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        var metadata = (await node.GetAsync(InferNode.Model)).ShouldSucceed().Json;
        metadata["outputs"]!.AsArray().Select(output => $"{output!["name"]} {output["datatype"]} {output["shape"]!.ToJsonString()}")
            .ShouldBe(["prediction BYTES [-1]", "distance FP64 [-1]", "distances FP64 [-1,3]", "ignoreReason BYTES [-1]"]);
        ((string?)metadata["properties"]!["prediction"]).ShouldBe("Clustering");
        metadata["properties"]!.AsObject().ContainsKey("target").ShouldBeFalse();

        var records = new InferRecords(40);
        foreach (var binary in new[] { false, true })
        {
            var request = records.Json();
            request["parameters"] = new JsonObject { ["binary_data_output"] = binary };
            var answer = (await node.InferAsync(request)).ShouldSucceed();
            answer.Binary.Count.ShouldBe(binary ? 4 : 0);
            var (labels, nearest, distances, reasons) = (answer.Texts("prediction"), answer.Numbers("distance"), answer.Numbers("distances"), answer.Texts("ignoreReason"));
            for (var row = 0; row < records.Count; row++)
                Result(labels[row], nearest[row], distances.AsSpan(row * 3, 3), reasons[row]).ShouldBe(s_package.Expected(records.Features(row)));
        }

        using var grpc = new GrpcNode(node);
        var message = await grpc.Client.ModelInferAsync(GrpcNode.Raw(records));
        message.Outputs.Select(output => output.Name).ShouldBe(["prediction", "distance", "distances", "ignoreReason"]);
        message.Outputs[2].Shape.ShouldBe([records.Count, 3]);
        var (near, all) = (message.RawOutputContents[1].ToByteArray(), message.RawOutputContents[2].ToByteArray());
        var (names, why) = (Texts(message.RawOutputContents[0].ToByteArray()), Texts(message.RawOutputContents[3].ToByteArray()));
        for (var row = 0; row < records.Count; row++)
        {
            double[] each = [.. Enumerable.Range(0, 3).Select(i => BitConverter.ToDouble(all, ((row * 3) + i) * 8))];
            Result(names[row], BitConverter.ToDouble(near, row * 8), each, why[row]).ShouldBe(s_package.Expected(records.Features(row)));
        }
    }

    [Fact]
    public async Task Explanations_AskedFor_AreRefusedWithTheReason()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        foreach (var harmless in (string[])["null", """{"enabled":null,"method":null,"nExplanations":null,"nMonteCarloSteps":null}""", """{"enabled":false}"""])
            (await node.PredictAsync($$"""{"features":{{TestPackage.GoodFeatures}},"explanations":{{harmless}}}""")).ShouldSucceed();
        var refused = (await node.PredictAsync($$$"""{"features":{{{TestPackage.GoodFeatures}}},"explanations":{"enabled":true}}""")).ShouldFail(HttpStatusCode.BadRequest, "ExplanationsUnavailable");
        refused.Detail.ShouldContain("no score to explain");
    }

    [Theory]
    [InlineData("""{"features":{"amount":12.5,"country":"FR","online":true,"at":"2026-01-31T12:00:00Z"},"explanations":{"enabled":null,"method":null,"nExplanations":null,"nMonteCarloSteps":null}}""", 200)]
    [InlineData("""{"features":{"amount":100,"country":"FR","online":true,"at":null}}""", 200)]
    [InlineData("""{"features":{"amount":null,"country":"FR","online":true,"at":null}}""", 200)]
    [InlineData("""{"features":{"amount":1,"country":"FR","online":true,"at":null},"explanations":{"enabled":true}}""", 400)]
    public async Task Call_IsTakenAndAnsweredAsTheDocumentSays(string body, int status)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        var document = (await node.GetAsync("public/api/v1/fraud/openapi.json")).ShouldSucceed().Json.AsObject();
        var operation = document["paths"]!["/score/predict"]!["post"]!;
        ((string?)operation["summary"]).ShouldBe("Finds the cluster of one record.");
        var answer = await node.PredictAsync(body);
        ((int)answer.Status).ShouldBe(status, answer.Text);
        var validator = new SchemaValidator(document);
        validator.Validate(operation["responses"]![$"{status}"]!["content"]!.AsObject().First().Value!["schema"], answer.Json).ShouldBeEmpty();
        if (status == 200) AnswersFitDocumentTests.Undescribed(document, operation["responses"]!["200"]!["content"]!["application/json"]!["schema"], answer.Json).ShouldBeEmpty();
        (validator.Validate(operation["requestBody"]!["content"]!["application/json"]!["schema"], JsonNode.Parse(body)).Count == 0).ShouldBe(status == 200);
        document["paths"]!["/score/predict-simple"]!["get"]!["parameters"]!.AsArray().Select(parameter => (string?)parameter!["name"]).ShouldBe(["amount", "country", "online", "at"]);
        var scored = document["components"]!["schemas"]!["score.Result"]!["oneOf"]![0]!["properties"]!.AsObject();
        scored.Select(member => member.Key).ShouldBe(["prediction", "distance", "distances", "ignored"]);
        scored["prediction"]!["enum"]!.AsArray().Select(label => (string?)label).ShouldBe([.. s_labels, "cluster_outliers"]);
    }

    [Fact]
    public async Task Drift_OfClusters_CountsThemAndTheirDistances()
    {
        var model = TestModels.Clusters();
        model = model with { Reference = TestReference.Of(model) };
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = model }).StartAsync();
        foreach (var amount in (string[])["1", "12", "12", "500", "null"]) await ResultAsync(node, $$"""{"amount":{{amount}},"country":"GB","online":true,"at":null}""");
        var answer = await node.AdminAsync(HttpMethod.Get, "services/fraud/drift?counts=true&window=load");
        var predictions = answer!["reports"]![0]!["predictions"]!.AsArray();
        predictions[1]!["counts"]!["live"]!.AsArray().Select(count => (int)count!).ShouldBe([1, 2, 0, 1, 0, 0, 1]);
        predictions[0]!["counts"]!["live"]!.AsArray().Sum(count => (int)count!).ShouldBe(5);
    }

    private static async Task<JsonNode> ResultAsync(TestNode node, string features) => (await node.PredictFeaturesAsync(features)).ShouldSucceed().Json["result"]!;

    private static async Task<string> ManyAsync(TestNode node, string body) => (await node.PredictAsync(body, Multi)).ShouldSucceed().Json["results"]!.ToJsonString();

    private static string Written(IEnumerable<string> results) => JsonNode.Parse($"[{string.Join(',', results)}]")!.ToJsonString();

    private static string Columns(IEnumerable<string> features)
    {
        var rows = features.Select(text => JsonNode.Parse(text)!.AsObject()).ToList();
        return new JsonObject(((string[])["amount", "country", "online", "at"]).Select(name =>
            KeyValuePair.Create(name, (JsonNode?)new JsonArray([.. rows.Select(row => row[name]?.DeepClone())])))).ToJsonString();
    }

    private static async Task<string> StreamAsync(TestNode node, string input, string output, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{node.Address}public/api/v1/{Multi}")) { Content = new StringContent(body, Encoding.UTF8, input) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(output));
        using var response = await node.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    /// <summary>A result as a line of the table that streams write.</summary>
    private static string CsvLine(string result)
    {
        var json = JsonNode.Parse(result)!;
        if ((bool)json["ignored"]!) return ",,,,,true,IGNORED_BY_MODEL,";
        var label = (string)json["prediction"]!;
        if (label.Contains('"', StringComparison.Ordinal)) label = $"\"{label.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return $"{label},{json["distance"]!.ToJsonString()},{string.Join(',', s_labels.Select(one => json["distances"]![one]!.ToJsonString()))},false,,";
    }

    /// <summary>What the tensors say of a record, in the words of <c>predict</c>.</summary>
    private static string Result(string label, double nearest, ReadOnlySpan<double> distances, string reason)
    {
        if (reason.Length > 0) return $"{{\"ignored\":true,\"ignoreReason\":\"{reason}\"}}";
        var each = new List<string>();
        for (var i = 0; i < s_labels.Length; i++) each.Add(string.Create(CultureInfo.InvariantCulture, $"{Quote(s_labels[i])}:{distances[i]:R}"));
        return string.Create(CultureInfo.InvariantCulture, $"{{\"prediction\":{Quote(label)},\"distance\":{nearest:R},\"distances\":{{{string.Join(',', each)}}},\"ignored\":false}}");
    }

    private static string Quote(string label) => $"\"{label.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static List<string> Texts(byte[] bytes)
    {
        var texts = new List<string>();
        for (var at = 0; at < bytes.Length; at += 4 + BitConverter.ToInt32(bytes, at)) texts.Add(Encoding.UTF8.GetString(bytes, at + 4, BitConverter.ToInt32(bytes, at)));
        return texts;
    }

    private static double Distance(double[] point, double[] centroid) => Math.Sqrt(point.Zip(centroid, (a, b) => (a - b) * (a - b)).Sum());
}
