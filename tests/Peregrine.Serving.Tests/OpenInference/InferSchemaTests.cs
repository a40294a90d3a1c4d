using System.Net;
using System.Text.Json.Nodes;
using Grpc.Core;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.Tests.OpenInference;

/// <summary>Tensors that are not what the model was made from, by the settings of their endpoint.</summary>
public sealed class InferSchemaTests
{
    private static readonly PredictionSettings s_warned = new()
    {
        UnknownFeatures = FeaturePolicy.Warn, MissingFeatures = FeaturePolicy.Warn, WrongTypes = FeaturePolicy.Warn, ConvertedTypes = FeaturePolicy.Warn,
        OutOfRange = FeaturePolicy.Warn, UnseenCategories = FeaturePolicy.Warn,
    };

    private static readonly PredictionSettings s_refused = new()
    {
        ConvertedTypes = FeaturePolicy.Refuse, OutOfRange = FeaturePolicy.Refuse, UnseenCategories = FeaturePolicy.Refuse,
    };

    [Fact]
    public async Task Infer_WithWarnings_TellsThemInAParameterOfTheAnswer()
    {
        await using var node = await StartAsync(s_warned);
        var answer = (await node.InferAsync(Body("""[12.5,1000,"x"]""", """["FR","XX",7]""", """{"name":"colour","shape":[3],"datatype":"INT32","data":[1,2,3]}"""))).ShouldSucceed();
        Codes(answer.Json).ShouldBe(
        [
            "0 UnknownField", "0 MissingField", "1 UnknownField", "1 MissingField", "1 OutOfRange", "1 UnseenCategory", "2 UnknownField", "2 MissingField", "2 WrongType",
            "2 ConvertedType", "2 UnseenCategory",
        ]);
        answer.Json["parameters"]!["more_warnings"].ShouldBeNull();
        var schema = (await node.AdminAsync(HttpMethod.Get, "metrics"))!["endpoints"]!.AsArray().Single(endpoint => (string?)endpoint!["generation"] == "v1")!["schema"]!;
        schema.ToJsonString().ShouldBe("""{"unknown_feature":3,"missing_feature":3,"wrong_type":1,"converted_type":1,"out_of_range":1,"unseen_category":2}""");
    }

    [Fact]
    public async Task Infer_TheSameBinaryHeaderAgain_WarnsAgain()
    {
        await using var node = await StartAsync(s_warned);
        var (header, data) = new InferRecords(1, 4).Binary();
        header["inputs"]!.AsArray()[2]!["name"] = "colour";
        for (var call = 0; call < 3; call++) Codes((await node.InferAsync((header, data))).ShouldSucceed().Json).ShouldContain("0 UnknownField");
    }

    [Fact]
    public async Task Infer_TheSameBinaryHeaderOfAnotherGeneration_MeetsItsSchema()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: TestPackage.WithReference(new PredictionSettings { UnknownFeatures = FeaturePolicy.Ignore, MissingFeatures = FeaturePolicy.Ignore }))
            .WithGeneration(new TestPackage { Version = "v2" }).StartAsync();
        var (header, data) = new InferRecords(1, 4).Binary();
        header["inputs"]!.AsArray()[2]!["name"] = "colour";
        for (var round = 0; round < 2; round++)
        {
            await node.SwitchAsync("v1");
            for (var call = 0; call < 3; call++) (await node.InferAsync((header, data))).ShouldSucceed();
            await node.SwitchAsync("v2");
            for (var call = 0; call < 3; call++) (await node.InferAsync((header, data))).ShouldFail(HttpStatusCode.BadRequest, "colour");
        }
    }

    [Fact]
    public async Task Infer_InOrder_HasNoParameters()
    {
        await using var node = await StartAsync(s_warned);
        (await node.InferAsync(Body("[12.5]", """["FR"]""", """{"name":"online","shape":[1],"datatype":"BOOL","data":[true]}"""))).ShouldSucceed().Json["parameters"].ShouldBeNull();
    }

    [Fact]
    public async Task Infer_MoreWarningsThanAreListed_TellsTheirNumber()
    {
        await using var node = await new ApiNodeBuilder().WithSetting("Serving:Schema:MostWarnings", "2").WithService(package: TestPackage.WithReference(s_warned)).StartAsync();
        var answer = (await node.InferAsync(Body("[101,102,103,104]", """["FR","FR","FR","FR"]""", """{"name":"online","shape":[4],"datatype":"BOOL","data":[true,true,true,true]}"""))).ShouldSucceed();
        Codes(answer.Json).ShouldBe(["0 OutOfRange", "1 OutOfRange"]);
        ((int?)answer.Json["parameters"]!["more_warnings"]).ShouldBe(2);
    }

    [Theory]
    [InlineData("[1,1000]", """["FR","GB"]""", "OutOfRange", "/inputs/0/data/1", "training saw")]
    [InlineData("[1,2]", """["FR","GBB"]""", "UnseenCategory", "/inputs/1/data/1", "Did you mean 'GB'?")]
    [InlineData("""[1,"2"]""", """["FR","GB"]""", "ConvertedType", "/inputs/0/data/1", "a numeric type")]
    public async Task Infer_Refused_NamesTheElement(string amounts, string countries, string code, string pointer, string words)
    {
        await using var node = await StartAsync(s_refused);
        var answer = (await node.InferAsync(Body(amounts, countries, """{"name":"online","shape":[2],"datatype":"BOOL","data":[true,true]}"""))).ShouldFail(HttpStatusCode.BadRequest, words);
        ((string?)answer.Json["errorType"]).ShouldBe(code);
        ((string?)answer.Json["errors"]![0]!["pointer"]).ShouldBe(pointer);
    }

    [Fact]
    public async Task Infer_BinaryTensorOfAnotherType_IsConvertedAsAWhole()
    {
        var records = new InferRecords(3, 4).Binary(); // online as FP64
        await using var refusing = await StartAsync(new PredictionSettings { ConvertedTypes = FeaturePolicy.Refuse });
        (await refusing.InferAsync(records)).ShouldFail(HttpStatusCode.BadRequest, "'online' must be sent as BOOL; it is FP64");
        await using var warning = await StartAsync(new PredictionSettings { ConvertedTypes = FeaturePolicy.Warn });
        Codes((await warning.InferAsync(records)).ShouldSucceed().Json).ShouldBe(["0 ConvertedType", "1 ConvertedType", "2 ConvertedType"]);
    }

    [Fact]
    public async Task ModelInfer_ByGrpc_HasTheSameParameters()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithSetting("Serving:Schema:MostWarnings", "2")
            .WithService(package: TestPackage.WithReference(new PredictionSettings { ConvertedTypes = FeaturePolicy.Warn })).StartAsync();
        using var grpc = new GrpcNode(node);
        var answer = await grpc.Client.ModelInferAsync(GrpcNode.Raw(new InferRecords(300, 4)));
        answer.ModelVersion.ShouldBe("v1");
        answer.Outputs.Count.ShouldBe(4);
        answer.Parameters["warnings"].StringParam.ShouldContain("\"code\":\"ConvertedType\"");
        JsonNode.Parse(answer.Parameters["warnings"].StringParam)!.AsArray().Count.ShouldBe(2);
        answer.Parameters["more_warnings"].Int64Param.ShouldBe(298);
    }

    [Fact]
    public async Task Metadata_ByGrpc_OfAQuietEndpoint_NamesNoInput()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: TestPackage.WithReference(new PredictionSettings { Quiet = true })).StartAsync();
        using var grpc = new GrpcNode(node);
        var metadata = await grpc.Client.ModelMetadataAsync(new() { Name = "fraud.score" });
        metadata.Inputs.ShouldBeEmpty();
        metadata.Properties.Keys.ShouldNotContain(key => key.StartsWith("kind.", StringComparison.Ordinal) || key == "target");
        var request = GrpcNode.Raw(new InferRecords(1, 4));
        request.Inputs[0].Name = "colour";
        var refusal = await Should.ThrowAsync<RpcException>(() => grpc.Client.ModelInferAsync(request).ResponseAsync);
        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refusal.Status.Detail.ShouldNotContain("amount");
    }

    private static IReadOnlyList<string> Codes(JsonNode answer) =>
        [.. JsonNode.Parse((string)answer["parameters"]!["warnings"]!)!.AsArray().Select(warning => $"{warning!["record"]} {warning["code"]}")];

    private static JsonNode Body(string amounts, string countries, string third)
    {
        var rows = JsonNode.Parse(amounts)!.AsArray().Count;
        return JsonNode.Parse($$"""
            {"inputs":[{"name":"amount","shape":[{{rows}}],"datatype":"FP64","data":{{amounts}} },{"name":"country","shape":[{{rows}}],"datatype":"BYTES","data":{{countries}} },
            {{third}},{"name":"at","shape":[{{rows}}],"datatype":"BYTES","data":[{{string.Join(',', Enumerable.Repeat("null", rows))}}]}]}
            """)!;
    }

    private static Task<TestNode> StartAsync(PredictionSettings settings) => new ApiNodeBuilder().WithService(package: TestPackage.WithReference(settings)).StartAsync();
}
