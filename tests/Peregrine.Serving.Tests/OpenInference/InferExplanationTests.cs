using System.Buffers.Binary;
using System.Net;
using System.Text.Json.Nodes;
using Grpc.Core;
using Peregrine.Models;
using Peregrine.Models.Predictors;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Serving.OpenInference.Grpc.Contract;

namespace Peregrine.Serving.Tests.OpenInference;

public sealed class InferExplanationTests
{
    private const int Many = 100;
    private const string Fields = """["amount","country","online","at"]""";

    private static readonly string[] s_fields = ["amount", "country", "online", "at"];
    private static readonly TestPackage s_package = new() { Model = TestModels.ExplainableTrees() };

    [Theory]
    [InlineData(1, "SHAPLEY")]
    [InlineData(Many, "SHAPLEY")]
    [InlineData(Many, "ICE")]
    public async Task Infer_Asked_AnswersTheBitsOfPredictInEachForm(int rows, string method)
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        var records = new InferRecords(rows, seed: 3);
        var expected = new double[rows * 4];
        for (var row = 0; row < rows; row++) (await ExplainedAsync(node, records.Features(row), method)).CopyTo(expected, row * 4);
        if (rows > 1 && method == "ICE") (await ExplainedAsync(node, records.Features(0), "SHAPLEY")).ShouldNotBe(expected[..4], "the methods differ");
        if (rows > 1) expected.Count(double.IsNaN).ShouldBeInRange(1, expected.Length / 2, "some records are ignored");

        var json = records.Json();
        json["parameters"] = new JsonObject { ["explain"] = method };
        var answer = (await node.InferAsync(json)).ShouldSucceed();
        var output = answer.Output("explanations");
        output["shape"]!.ToJsonString().ShouldBe($"[{rows},4]");
        ((string?)output["datatype"]).ShouldBe("FP64");
        ((string?)output["parameters"]!["fields"]).ShouldBe(Fields);
        ShouldBeTheBits(answer.Numbers("explanations"), expected);
        for (var row = 0; row < rows; row++) answer.ResultOf(row).ShouldBe(s_package.Expected(records.Features(row)));

        var (header, data) = records.Binary();
        (header["parameters"] ??= new JsonObject())["explain"] = method;
        header["parameters"]!["binary_data_output"] = true;
        // Several times, since the node remembers how a header was read.
        for (var time = 0; time < 3; time++)
        {
            var binary = (await node.InferAsync((header, data))).ShouldSucceed();
            ((string?)binary.Output("explanations")["parameters"]!["fields"]).ShouldBe(Fields);
            binary.Binary["explanations"].Length.ShouldBe(rows * 4 * 8);
            ShouldBeTheBits(binary.Numbers("explanations"), expected);
        }

        using var grpc = new GrpcNode(node);
        foreach (var request in new[] { GrpcNode.Raw(records), GrpcNode.Typed(records) })
        {
            request.Parameters["explain"] = new InferParameter { StringParam = method };
            var message = await grpc.Client.ModelInferAsync(request);
            var place = message.Outputs.ToList().FindIndex(one => one.Name == "explanations");
            message.Outputs[place].Shape.ShouldBe([rows, 4]);
            message.Outputs[place].Datatype.ShouldBe("FP64");
            message.Outputs[place].Parameters["fields"].StringParam.ShouldBe(Fields);
            ShouldBeTheBits(Doubles(message.RawOutputContents[place].ToByteArray()), expected);
            for (var row = 0; row < rows; row++) GrpcNode.ResultOf(message, row).ShouldBe(s_package.Expected(records.Features(row)));
        }
    }

    [Fact]
    public async Task Infer_NotAsked_HasNoExplanations()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        using var grpc = new GrpcNode(node);
        var json = new InferRecords(2).Json();
        foreach (var parameters in (string[])["{}", """{"explain":false}""", """{"explain":null}"""])
        {
            json["parameters"] = JsonNode.Parse(parameters);
            (await node.InferAsync(json)).ShouldSucceed().Json["outputs"]!.AsArray().Select(output => (string?)output!["name"]).ShouldBe(["prediction", "probas", "probaPercentile", "ignoreReason"]);
        }

        (await grpc.Client.ModelInferAsync(GrpcNode.Raw(new InferRecords(2)))).Outputs.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Infer_OutputsNamed_ExplainsWhenTheirsIsNamedOrTheParameterSaysSo()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        var json = new InferRecords(3).Json();
        async Task<string[]> NamesAsync() => [.. (await node.InferAsync(json)).ShouldSucceed().Json["outputs"]!.AsArray().Select(output => (string)output!["name"]!)];
        json["outputs"] = JsonNode.Parse("""[{"name":"explanations","parameters":{"binary_data":true} },{"name":"prediction"}]""");
        (await NamesAsync()).ShouldBe(["explanations", "prediction"]);
        (await node.InferAsync(json)).Binary.Keys.ShouldBe(["explanations"]);
        json["outputs"] = JsonNode.Parse("""[{"name":"prediction"}]""");
        (await NamesAsync()).ShouldBe(["prediction"]);
        json["parameters"] = JsonNode.Parse("""{"explain":true}""");
        (await NamesAsync()).ShouldBe(["prediction", "explanations"]);
        json["outputs"] = JsonNode.Parse("""[{"name":"explanations"},{"name":"explanations"}]""");
        (await node.InferAsync(json)).ShouldFail(HttpStatusCode.BadRequest, "'explanations' stands twice");

        using var grpc = new GrpcNode(node);
        var request = GrpcNode.Raw(new InferRecords(3));
        request.Parameters["explain"] = new InferParameter { BoolParam = true };
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "probas" });
        (await grpc.Client.ModelInferAsync(request)).Outputs.Select(output => output.Name).ShouldBe(["probas", "explanations"]);
    }

    [Fact]
    public async Task Infer_OfAnEndpointThatExplains_FollowsItsSettings()
    {
        var settings = new PredictionSettings { Explanations = new ExplanationSettings { Enabled = true } };
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = s_package.Model, Settings = settings }).StartAsync();
        var json = new InferRecords(2).Json();
        (await node.InferAsync(json)).ShouldSucceed().Json["outputs"]!.AsArray().Count.ShouldBe(5);
        json["outputs"] = JsonNode.Parse("""[{"name":"prediction"}]""");
        (await node.InferAsync(json)).ShouldSucceed().Json["outputs"]!.AsArray().Count.ShouldBe(1, "who names outputs gets those");
    }

    [Fact]
    public async Task Infer_ModelWithoutMeans_IsRefusedAsInPredict()
    {
        var model = TestModels.Binary(change: spec => spec with { Predictor = (LinearPredictorSpec)spec.Predictor with { Means = null } });
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: new TestPackage { Model = model }).StartAsync();
        var json = new InferRecords(1).Json();
        json["parameters"] = new JsonObject { ["explain"] = true };
        var answer = (await node.InferAsync(json)).ShouldFail(HttpStatusCode.BadRequest, "Train the model again");
        ((string?)answer.Json["errorType"]).ShouldBe("ExplanationsUnavailable");
        ((string?)answer.Json["errors"]![0]!["pointer"]).ShouldBe("/parameters/explain");
        json["parameters"] = null;
        json["outputs"] = JsonNode.Parse("""[{"name":"explanations"},{"name":"explanations"}]""");
        (await node.InferAsync(json)).ShouldFail(HttpStatusCode.BadRequest, "twice");
        using var grpc = new GrpcNode(node);
        var request = GrpcNode.Raw(new InferRecords(1));
        request.Parameters["explain"] = new InferParameter { BoolParam = true };
        var refused = await GrpcNode.FailsAsync(grpc.Client.ModelInferAsync(request));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Status.Detail.ShouldContain("Train the model again");
        var metadata = (await node.GetAsync(InferNode.Model)).ShouldSucceed().Json;
        metadata["properties"]!["explanations"].ShouldBeNull();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"LIME\"")]
    [InlineData("{}")]
    public async Task Infer_BadParameter_IsRefused(string value)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).StartAsync();
        var json = new InferRecords(1).Json();
        json["parameters"] = JsonNode.Parse($$"""{"explain":{{value}}}""");
        (await node.InferAsync(json)).ShouldFail(HttpStatusCode.BadRequest, "must be true, false, \"SHAPLEY\" or \"ICE\"");
    }

    [Fact]
    public async Task ModelInfer_BadParameter_IsRefused()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        using var grpc = new GrpcNode(node);
        foreach (var bad in new[] { new InferParameter { Int64Param = 1 }, new InferParameter { StringParam = "LIME" }, new InferParameter() })
        {
            var request = GrpcNode.Raw(new InferRecords(1));
            request.Parameters["explain"] = bad;
            (await GrpcNode.FailsAsync(grpc.Client.ModelInferAsync(request))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        }
    }

    [Fact]
    public async Task Metadata_NamesTheFieldsOfExplanations()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        var metadata = (await node.GetAsync(InferNode.Model)).ShouldSucceed().Json;
        ((string?)metadata["properties"]!["explanations"]).ShouldBe(Fields);
        metadata["outputs"]!.AsArray().Count.ShouldBe(4, "what a request gets that asks for nothing");
        using var grpc = new GrpcNode(node);
        (await grpc.Client.ModelMetadataAsync(new ModelMetadataRequest { Name = "fraud.score" })).Properties["explanations"].ShouldBe(Fields);
    }

    /// <summary>By field in the model's order; NaN for a record that is ignored.</summary>
    private static async Task<double[]> ExplainedAsync(TestNode node, string features, string method)
    {
        var answer = (await node.PredictAsync($$"""{"features":{{features}},"explanations":{"enabled":true,"method":"{{method}}","nExplanations":99} }""")).ShouldSucceed();
        return answer.Json["result"]!["explanations"] is { } told ? [.. s_fields.Select(field => (double?)told[field] ?? double.NaN)] : [double.NaN, double.NaN, double.NaN, double.NaN];
    }

    private static double[] Doubles(byte[] bytes) => [.. Enumerable.Range(0, bytes.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * 8)))];

    private static void ShouldBeTheBits(double[] values, double[] expected)
    {
        values.Length.ShouldBe(expected.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(expected[i])) double.IsNaN(values[i]).ShouldBeTrue();
            else BitConverter.DoubleToInt64Bits(values[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[i]));
        }
    }
}
