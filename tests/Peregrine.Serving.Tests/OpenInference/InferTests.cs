using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Serving.Tests.OpenInference;

public sealed class InferTests
{
    private const int Many = 300;

    private static readonly TestPackage s_package = new() { Model = TestModels.Binary(change: spec => spec with { DropIfMissing = ["amount"] }) };

    [Fact]
    public async Task Infer_ManyRecordsOneByOne_AnswersTheBitsOfPredictInEachForm()
    {
        await using var node = await StartAsync();
        for (var seed = 0; seed < 60; seed++)
        {
            var one = new InferRecords(1, seed);
            var expected = s_package.Expected(one.Features(0));
            (await node.PredictFeaturesAsync(one.Features(0))).ShouldSucceed().Result.ShouldBe(expected);
            (await node.InferAsync(one.Json())).ShouldSucceed().ResultOf(0).ShouldBe(expected);
            (await node.InferAsync(one.Json(nested: true))).ShouldSucceed().ResultOf(0).ShouldBe(expected);
            (await node.InferAsync(one.Binary())).ShouldSucceed().ResultOf(0).ShouldBe(expected);
            (await node.InferAsync(one.Mixed())).ShouldSucceed().ResultOf(0).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Infer_ABatch_AnswersTheBitsOfPredictInEachForm()
    {
        await using var node = await StartAsync();
        var records = new InferRecords(Many);
        InferAnswer[] answers =
        [
            await node.InferAsync(records.Json()), await node.InferAsync(records.Json(nested: true)),
            await node.InferAsync(records.Binary()), await node.InferAsync(records.Mixed()),
        ];
        foreach (var answer in answers)
        {
            answer.ShouldSucceed().Output("probas")["shape"]!.ToJsonString().ShouldBe($"[{Many},2]");
            for (var row = 0; row < Many; row++) answer.ResultOf(row).ShouldBe(s_package.Expected(records.Features(row)));
        }

        answers[0].Texts("ignoreReason").Count(reason => reason.Length > 0).ShouldBeGreaterThan(0);
        answers[2].Binary.Count.ShouldBe(4);
        answers[2].ContentType.ShouldBe("application/octet-stream");
        answers[0].ContentType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Infer_AnyNumericDatatype_IsTakenAsTheNumberItHolds()
    {
        await using var node = await StartAsync();
        var expected = s_package.Expected("""{"amount":12,"country":"7","online":1,"at":1769860800}""");
        foreach (var (type, bytes) in new (string, byte[])[]
                 {
                     ("INT8", [12]), ("UINT8", [12]), ("INT16", [12, 0]), ("UINT16", [12, 0]), ("INT32", [12, 0, 0, 0]), ("UINT32", [12, 0, 0, 0]),
                     ("INT64", [12, 0, 0, 0, 0, 0, 0, 0]), ("UINT64", [12, 0, 0, 0, 0, 0, 0, 0]), ("FP16", BitConverter.GetBytes((Half)12)), ("BF16", [0x40, 0x41]),
                     ("FP32", BitConverter.GetBytes(12f)), ("FP64", BitConverter.GetBytes(12.0)), ("BYTES", InferRecords.Prefixed("12")),
                 })
        {
            var header = JsonNode.Parse($$"""
                {"inputs":[{"name":"amount","shape":[1],"datatype":"{{type}}","parameters":{"binary_data_size":{{bytes.Length}} } },
                {"name":"country","shape":[1],"datatype":"INT64","data":[7]},{"name":"online","shape":[1],"datatype":"UINT8","data":[1]},
                {"name":"at","shape":[1],"datatype":"INT64","data":[1769860800000]}]}
                """)!.AsObject();
            (await node.InferAsync((header, bytes))).ShouldSucceed().ResultOf(0).ShouldBe(expected, type);
        }
    }

    [Fact]
    public async Task Infer_IdOutputsAndForms_AreHonoured()
    {
        await using var node = await StartAsync();
        var body = new InferRecords(2).Json();
        body["id"] = "request ü \"1\"";
        body["parameters"] = JsonNode.Parse("""{"binary_data_output":true,"unknown":1}""");
        body["outputs"] = JsonNode.Parse("""[{"name":"probas"},{"name":"prediction","parameters":{"binary_data":false} }]""");
        var answer = (await node.InferAsync(body)).ShouldSucceed();
        ((string?)answer.Json["model_name"]).ShouldBe("fraud.score");
        ((string?)answer.Json["model_version"]).ShouldBe("v1");
        ((string?)answer.Json["id"]).ShouldBe("request ü \"1\"");
        answer.Json["outputs"]!.AsArray().Select(output => (string?)output!["name"]).ShouldBe(["probas", "prediction"]);
        answer.Binary.Keys.ShouldBe(["probas"]);
        answer.Texts("prediction").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Infer_Regression_AnswersTheValue()
    {
        await using var node = await new ApiNodeBuilder()
            .WithService(package: new TestPackage { Model = TestModels.OtherSchema(), Sample = """{"area":3.5}""" }).StartAsync();
        var answer = await node.InferAsync(JsonNode.Parse("""{"inputs":[{"name":"area","shape":[3],"datatype":"FP64","data":[3.5,[4],null]}]}""")!);
        answer.ShouldSucceed().Numbers("prediction").ShouldBe([8, 9, 1]);
    }

    [Fact]
    public async Task Infer_RawBody_IsTheOneInputAndAnswersBinary()
    {
        await using var node = await new ApiNodeBuilder()
            .WithService(package: new TestPackage { Model = TestModels.OtherSchema(), Sample = """{"area":3.5}""" }).StartAsync();
        byte[] body = [.. BitConverter.GetBytes(3.5), .. BitConverter.GetBytes(-1.25)];
        var answer = await node.InferAsync(body, "0");
        answer.ShouldSucceed().Binary.ShouldContainKey("prediction");
        answer.Numbers("prediction").ShouldBe([8, -1.5]);
        (await node.InferAsync(body[..9], "0")).ShouldFail(HttpStatusCode.BadRequest, "needs 8 bytes");
        await using var four = await StartAsync();
        (await four.InferAsync(body, "0")).ShouldFail(HttpStatusCode.BadRequest, "models of one input");
    }

    [Fact]
    public async Task Infer_Versions_AnswerFromTheGenerationNamed()
    {
        var second = new TestPackage { Version = "v2", Model = TestModels.Binary(bias: -2) };
        await using var node = await new ApiNodeBuilder().WithService().WithGeneration(second).StartAsync();
        await node.MapAsync("""{"generation":"v1","entries":[{"generation":"v1","proba":0.5},{"generation":"v2","proba":0.5}],"strategy":"HASH"}""");
        var body = new InferRecords(1, 3).Json();
        var features = new InferRecords(1, 3).Features(0);
        (await node.InferAsync(body, $"{InferNode.Model}/versions/v1")).ShouldSucceed().ResultOf(0).ShouldBe(new TestPackage().Expected(features));
        (await node.InferAsync(body, $"{InferNode.Model}/versions/v2")).ShouldSucceed().ResultOf(0).ShouldBe(second.Expected(features));
        (await node.InferAsync(body, $"{InferNode.Model}/versions/v3")).ShouldFail(HttpStatusCode.NotFound, "'v3' is not found");
        var seen = new HashSet<string>();
        for (var i = 0; i < 40; i++)
        {
            body["parameters"] = new JsonObject { ["dispatchKey"] = $"key {i}" };
            var first = (string)(await node.InferAsync(body)).ShouldSucceed().Json["model_version"]!;
            ((string)(await node.InferAsync(body)).Json["model_version"]!).ShouldBe(first);
            seen.Add(first);
        }

        seen.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Infer_Compressed_IsReadAndAnsweredSo(string coding)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: s_package).With(options => options.CompressFromBytes = 1024).StartAsync();
        var records = new InferRecords(Many);
        var (header, data) = records.Binary();
        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        var packed = Pack([.. text, .. data], coding);
        var answer = await node.InferAsync(packed, $"{text.Length}", change: request =>
        {
            request.Content!.Headers.ContentEncoding.Add(coding);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", $"identity, {coding};q=0.5");
        });
        answer.ShouldSucceed().Encoding.ShouldBe(coding);
        for (var row = 0; row < Many; row++) answer.ResultOf(row).ShouldBe(s_package.Expected(records.Features(row)));
        var small = await node.InferAsync(Encoding.UTF8.GetBytes(new InferRecords(1).Json().ToJsonString()), null, change: request =>
            request.Headers.TryAddWithoutValidation("Accept-Encoding", coding));
        small.ShouldSucceed().Encoding.ShouldBeNull();
        var broken = await node.InferAsync(packed[..20], "10", change: request => request.Content!.Headers.ContentEncoding.Add(coding));
        broken.ShouldFail(HttpStatusCode.BadRequest, "");
        var unknown = await node.InferAsync(packed, "10", change: request => request.Content!.Headers.ContentEncoding.Add("zstd"));
        unknown.ShouldFail(HttpStatusCode.UnsupportedMediaType, "gzip");
    }

    [Fact]
    public async Task Infer_UnpacksToMoreThanTheLimit_IsRefused()
    {
        await using var node = await new ApiNodeBuilder().WithService().With(options => options.MaxRequestBodyBytes = 100_000).StartAsync();
        var answer = await node.InferAsync(Pack(new byte[50_000_000], "gzip"), null, change: request => request.Content!.Headers.ContentEncoding.Add("gzip"));
        answer.ShouldFail(HttpStatusCode.RequestEntityTooLarge, "100,000");
    }

    [Fact]
    public async Task Infer_MissingInputsWhereTheyMayBe_AreMissingValues()
    {
        var package = new TestPackage { Settings = new PredictionSettings { MissingFeatures = FeaturePolicy.Ignore, UnknownFeatures = FeaturePolicy.Ignore } };
        await using var node = await new ApiNodeBuilder().WithService(package: package).StartAsync();
        var body = JsonNode.Parse("""{"inputs":[{"name":"nobody","shape":[1],"datatype":"FP32","data":[1]},{"name":"amount","shape":[1],"datatype":"FP32","data":[2.5]}]}""")!;
        (await node.InferAsync(body)).ShouldSucceed().ResultOf(0).ShouldBe(package.Expected("""{"amount":2.5}"""));
    }

    [Fact]
    public async Task Infer_NoRecords_AnswersEmptyTensors()
    {
        await using var node = await StartAsync();
        var answer = (await node.InferAsync(new InferRecords(0).Json())).ShouldSucceed();
        answer.Output("probas")["shape"]!.ToJsonString().ShouldBe("[0,2]");
        answer.Numbers("probas").ShouldBeEmpty();
    }

    private static Task<TestNode> StartAsync() => new ApiNodeBuilder().WithService(package: s_package).StartAsync();

    private static byte[] Pack(byte[] bytes, string coding)
    {
        using var packed = new MemoryStream();
        using (Stream packing = coding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest) : new ZLibStream(packed, CompressionLevel.Fastest)) packing.Write(bytes);
        return packed.ToArray();
    }
}
