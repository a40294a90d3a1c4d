using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.Limits;
using Peregrine.Serving.OpenInference.Grpc.Contract;
using Peregrine.Serving.Tests.Limits;

namespace Peregrine.Serving.Tests.OpenInference;

public sealed class GrpcInferTests
{
    private const int Many = 300;

    private static readonly TestPackage s_package = new() { Model = TestModels.Binary(change: spec => spec with { DropIfMissing = ["amount"] }) };

    [Fact]
    public async Task ModelInfer_RawAndTyped_AnswersTheBitsOfPredict()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        using var grpc = new GrpcNode(node);
        for (var seed = 0; seed < 60; seed++)
        {
            var one = new InferRecords(1, seed);
            GrpcNode.ResultOf(await grpc.Client.ModelInferAsync(GrpcNode.Raw(one)), 0).ShouldBe(s_package.Expected(one.Features(0)));
            GrpcNode.ResultOf(await grpc.Client.ModelInferAsync(GrpcNode.Typed(one)), 0).ShouldBe(s_package.Expected(one.Features(0)));
        }

        var records = new InferRecords(Many);
        foreach (var request in new[] { GrpcNode.Raw(records), GrpcNode.Typed(records) })
        {
            var answer = await grpc.Client.ModelInferAsync(request);
            for (var row = 0; row < Many; row++) GrpcNode.ResultOf(answer, row).ShouldBe(s_package.Expected(records.Features(row)));
            answer.ModelName.ShouldBe("fraud.score");
            answer.ModelVersion.ShouldBe("v1");
            answer.Id.ShouldBe(request.Id);
            answer.Outputs.Single(output => output.Name == "probas").Shape.ShouldBe([Many, 2]);
            answer.Outputs.Select(output => output.Datatype).ShouldBe(["BYTES", "FP64", "INT32", "BYTES"]);
        }
    }

    [Fact]
    public async Task ModelInfer_TypedContentsOfEachType_AreTakenAsTheNumberTheyHold()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: new TestPackage { Model = TestModels.OtherSchema(), Sample = """{"area":3.5}""" }).StartAsync();
        using var grpc = new GrpcNode(node);
        foreach (var (type, contents) in new (string, InferTensorContents)[]
                 {
                     ("BOOL", new() { BoolContents = { true, false } }), ("INT8", new() { IntContents = { 1, 0 } }), ("INT16", new() { IntContents = { 1, 0 } }),
                     ("INT32", new() { IntContents = { 1, 0 } }), ("INT64", new() { Int64Contents = { 1, 0 } }), ("UINT8", new() { UintContents = { 1, 0 } }),
                     ("UINT32", new() { UintContents = { 1, 0 } }), ("UINT64", new() { Uint64Contents = { 1, 0 } }), ("FP32", new() { Fp32Contents = { 1, 0 } }),
                     ("FP64", new() { Fp64Contents = { 1, 0 } }), ("BYTES", new() { BytesContents = { ByteString.CopyFromUtf8("1"), ByteString.Empty } }),
                 })
        {
            var answer = await grpc.Client.ModelInferAsync(Area(type, 2, contents));
            answer.RawOutputContents[0].ToByteArray().ShouldBe([.. BitConverter.GetBytes(3.0), .. BitConverter.GetBytes(1.0)], type);
        }

        var negative = await grpc.Client.ModelInferAsync(Area("INT32", 1, new InferTensorContents { IntContents = { -3 } }));
        BitConverter.ToDouble(negative.RawOutputContents[0].Span).ShouldBe(-5);
    }

    [Fact]
    public async Task ModelInfer_WhatIsWrong_IsAStatusOfItsOwn()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: new TestPackage { Model = TestModels.OtherSchema(), Sample = """{"area":3.5}""" }).StartAsync();
        using var grpc = new GrpcNode(node);
        var good = new InferTensorContents { Fp64Contents = { 1 } };
        await RefusedAsync(new ModelInferRequest { ModelName = "nobody" }, StatusCode.NotFound, "Request for unknown model");
        await RefusedAsync(new ModelInferRequest { ModelName = "fraud.score" }, StatusCode.InvalidArgument, "no tensor in 'inputs'");
        await RefusedAsync(Area("FP64", 1, good), StatusCode.NotFound, "version '9'", request => request.ModelVersion = "9");
        await RefusedAsync(Area("FP64", 2, good), StatusCode.InvalidArgument, "ends before its element 1");
        await RefusedAsync(Area("FP64", 0, good), StatusCode.InvalidArgument, "more elements");
        await RefusedAsync(Area("FP64", -1, good), StatusCode.InvalidArgument, "Unable to parse 'shape'");
        await RefusedAsync(Area("FP64", long.MaxValue, good), StatusCode.InvalidArgument, "more elements than can be counted");
        await RefusedAsync(Area("FP32", 1, good), StatusCode.InvalidArgument, "ends before");
        await RefusedAsync(Area("FP16", 1, good), StatusCode.InvalidArgument, "raw_input_contents");
        await RefusedAsync(Area("STRING", 1, good), StatusCode.InvalidArgument, "is no datatype");
        await RefusedAsync(Area("INT8", 1, new InferTensorContents { IntContents = { 300 } }), StatusCode.InvalidArgument, "is no INT8");
        await RefusedAsync(Area("FP64", 1, good), StatusCode.InvalidArgument, "raw and typed", request => request.RawInputContents.Add(ByteString.Empty));
        await RefusedAsync(Area("FP64", 1, null), StatusCode.InvalidArgument, "ends before");
        await RefusedAsync(Area("FP64", 1, null), StatusCode.InvalidArgument, "it has 7", request => request.RawInputContents.Add(ByteString.CopyFrom(new byte[7])));
        await RefusedAsync(Area("FP64", 1, null), StatusCode.InvalidArgument, "2 raw contents for 1", request => request.RawInputContents.AddRange([ByteString.Empty, ByteString.Empty]));

        async Task RefusedAsync(ModelInferRequest request, StatusCode status, string words, Action<ModelInferRequest>? change = null)
        {
            change?.Invoke(request);
            var refused = await GrpcNode.FailsAsync(grpc.Client.ModelInferAsync(request));
            refused.StatusCode.ShouldBe(status, refused.Message);
            refused.Status.Detail.ShouldContain(words);
        }
    }

    [Fact]
    public async Task ModelInfer_Keys_OpenAsForPredict()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        using var grpc = new GrpcNode(node);
        var request = GrpcNode.Raw(new InferRecords(1));
        (await GrpcNode.FailsAsync(grpc.Client.ModelInferAsync(request))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await GrpcNode.FailsAsync(grpc.Client.ModelMetadataAsync(new ModelMetadataRequest { Name = "fraud.score" }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        var key = new Metadata { { "authorization", $"Bearer {TestPackage.Key}" } };
        (await grpc.Client.ModelInferAsync(request, key)).ModelVersion.ShouldBe("v1");
        (await grpc.Client.ModelMetadataAsync(new ModelMetadataRequest { Name = "fraud.score" }, key)).Inputs.Count.ShouldBe(4);
    }

    [Fact]
    public async Task ModelInfer_PackedMessage_IsReadAndAnsweredSo()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        using var grpc = new GrpcNode(node);
        var records = new InferRecords(Many);
        var answer = await grpc.Client.ModelInferAsync(GrpcNode.Typed(records), new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        GrpcNode.ResultOf(answer, 7).ShouldBe(s_package.Expected(records.Features(7)));
        // The client hides the headers of the protocol itself, so the form is looked at without it.
        using var packed = new MemoryStream();
        await using (var packing = new GZipStream(packed, CompressionLevel.Fastest)) packing.Write(GrpcNode.Typed(records).ToByteArray());
        var frame = Frame(packed.ToArray());
        frame[0] = 1;
        using var response = await SendAsync(node, frame, request => request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip"));
        response.TrailingHeaders.GetValues("grpc-status").Single().ShouldBe("0");
        response.Headers.GetValues("grpc-encoding").Single().ShouldBe("gzip");
        var body = await response.Content.ReadAsByteArrayAsync();
        body[0].ShouldBe((byte)1);
        await using var unpacking = new GZipStream(new MemoryStream(body, 5, body.Length - 5), CompressionMode.Decompress);
        GrpcNode.ResultOf(ModelInferResponse.Parser.ParseFrom(unpacking), 7).ShouldBe(s_package.Expected(records.Features(7)));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task ModelInfer_MessageThatIsNotPackedAsItSays_IsAnInvalidArgument(string packing)
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        foreach (var message in new[] { GrpcNode.Typed(new InferRecords(1)).ToByteArray(), [] })
        {
            var frame = Frame(message);
            frame[0] = 1;
            using var response = await SendAsync(node, frame, request => request.Headers.TryAddWithoutValidation("grpc-encoding", packing));
            response.Headers.GetValues("grpc-status").Single().ShouldBe("3", $"{message.Length} bytes");
        }
    }

    [Fact]
    public async Task ModelInfer_GroupsOfAnUnknownField_ArePassedOver()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        var message = GrpcNode.Typed(new InferRecords(1)).ToByteArray();
        // Field 15 as a group that holds one of field 14 with a number in it.
        (await StatusOfAsync(node, Frame([0x7B, 0x73, 0x08, 0x07, 0x74, 0x7C, .. message]), "10S")).ShouldBe("0");
        (await StatusOfAsync(node, Frame([0x7B, 0x73, 0x08, 0x07, 0x74, .. message]), "10S")).ShouldBe("3");
    }

    [Fact]
    public async Task ModelInfer_ContentsInTwoParts_AreRefusedAndNotTakenForTheLast()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: new TestPackage { Model = TestModels.OtherSchema(), Sample = """{"area":3.5}""" }).StartAsync();
        byte[] part = [0x2A, 0x0A, 0x3A, 0x08, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F];
        byte[] head = [0x0A, 0x04, .. "area"u8, 0x12, 0x04, .. "FP64"u8, 0x1A, 0x01, 0x01];
        (await StatusOfAsync(node, Message([.. head, .. part]), "10S")).ShouldBe("0");
        (await StatusOfAsync(node, Message([.. head, .. part, .. part]), "10S")).ShouldBe("3");

        static byte[] Message(byte[] input) => Frame([0x0A, 0x0B, .. "fraud.score"u8, 0x2A, (byte)input.Length, .. input]);
    }

    [Fact]
    public async Task ModelInfer_DeadlinePassed_DoesNoWork()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        (await StatusOfAsync(node, Frame(GrpcNode.Raw(new InferRecords(1)).ToByteArray()), "0n")).ShouldBe("4");
        (await StatusOfAsync(node, Frame(GrpcNode.Raw(new InferRecords(1)).ToByteArray()), "10S")).ShouldBe("0");
        (await StatusOfAsync(node, Frame(GrpcNode.Raw(new InferRecords(1)).ToByteArray()), "whenever")).ShouldBe("0");
    }

    [Fact]
    public async Task ModelInfer_OverItsRateLimit_IsResourceExhausted()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        await node.AdminAsync(HttpMethod.Put, "services/fraud/limits", """{"rules":[{"id":"burst","limit":1,"windowSeconds":60}]}""");
        using var grpc = new GrpcNode(node);
        using (var call = grpc.Client.ModelInferAsync(GrpcNode.Raw(new InferRecords(1)), new Metadata { { "x-request-id", "one" } }))
        {
            await call;
            var headers = await call.ResponseHeadersAsync;
            headers.GetValue("ratelimit").ShouldBe("\"burst\";r=0;t=60");
            headers.GetValue("x-request-id").ShouldBe("one");
        }

        var refused = await GrpcNode.FailsAsync(grpc.Client.ModelInferAsync(GrpcNode.Raw(new InferRecords(1))));
        refused.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        refused.Status.Detail.ShouldContain("'burst'");
    }

    [Fact]
    public async Task ModelInfer_LargeMessage_HasItsTurnOnAScoringThreadAndIsRefusedWhenTheQueueIsFull()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package)
            .WithLimits(limits => (limits.BulkBytes, limits.ScoringThreads, limits.QueueLength) = (1_000, 1, 0)).StartAsync();
        using var grpc = new GrpcNode(node);
        var records = new InferRecords(Many);
        GrpcNode.ResultOf(await grpc.Client.ModelInferAsync(GrpcNode.Raw(records)), 7).ShouldBe(s_package.Expected(records.Features(7)));

        var queue = node.Services.GetRequiredService<ScoringQueue>();
        await Eventually.TrueAsync(() => queue.Running == 0);
        using var release = new ManualResetEventSlim();
        queue.TryEnqueue(new Blocker(release)).ShouldBeNull();
        await Eventually.TrueAsync(() => queue.Running == 1);
        (await GrpcNode.FailsAsync(grpc.Client.ModelInferAsync(GrpcNode.Raw(records)))).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await grpc.Client.ModelInferAsync(GrpcNode.Raw(new InferRecords(1)))).ModelVersion.ShouldBe("v1", "a small one needs no turn");
        release.Set();
    }

    [Fact]
    public async Task ModelInfer_BrokenFrames_AreInvalid()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        var message = GrpcNode.Raw(new InferRecords(1)).ToByteArray();
        (await StatusOfAsync(node, [])).ShouldBe("3");
        (await StatusOfAsync(node, Frame(message)[..^1])).ShouldBe("3");
        (await StatusOfAsync(node, [.. Frame(message), 0])).ShouldBe("3");
        (await StatusOfAsync(node, Frame(message[..^1]))).ShouldBe("3");
        var packed = Frame(message);
        packed[0] = 1;
        (await StatusOfAsync(node, packed)).ShouldBe("12");
    }

    [Fact]
    public async Task ModelInfer_LargeMessages_AreTakenUpToTheLimit()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService(package: s_package).StartAsync();
        using var grpc = new GrpcNode(node);
        // More than the 4 MB that gRPC servers take by themselves, and more than a window of HTTP/2.
        (await grpc.Client.ModelInferAsync(GrpcNode.Raw(new InferRecords(90_000)))).Outputs[0].Shape.ShouldBe([90_000]);
        var refused = await GrpcNode.FailsAsync(grpc.Client.ModelInferAsync(GrpcNode.Raw(new InferRecords(300_000))));
        refused.StatusCode.ShouldBe(StatusCode.ResourceExhausted, refused.Message);
    }

    private static ModelInferRequest Area(string type, long rows, InferTensorContents? contents) => new()
    {
        ModelName = "fraud.score",
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "area", Datatype = type, Shape = { rows }, Contents = contents } },
    };

    private static byte[] Frame(byte[] message) => [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static async Task<string> StatusOfAsync(TestNode node, byte[] body, string? timeout = null)
    {
        using var response = await SendAsync(node, body, request => { if (timeout is not null) request.Headers.TryAddWithoutValidation("grpc-timeout", timeout); });
        return response.Headers.TryGetValues("grpc-status", out var early) ? early.Single() : response.TrailingHeaders.GetValues("grpc-status").Single();
    }

    private static async Task<HttpResponseMessage> SendAsync(TestNode node, byte[] body, Action<HttpRequestMessage> change)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.GrpcAddress, "/inference.GRPCInferenceService/ModelInfer"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        change(request);
        // Read whole, so that the trailers are here.
        return await http.SendAsync(request);
    }
}
