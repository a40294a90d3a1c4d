using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Peregrine.Serving.OpenInference.Grpc.Contract;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Peregrine.Serving.Tests.OpenInference;

public sealed class GrpcModelsTests
{
    [Fact]
    public async Task Calls_BesidesInfer_TellWhatRestTells()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService().WithGeneration(new TestPackage { Version = "v0" }).StartAsync();
        using var grpc = new GrpcNode(node);
        (await grpc.Client.ServerLiveAsync(new ServerLiveRequest())).Live.ShouldBeTrue();
        (await grpc.Client.ServerReadyAsync(new ServerReadyRequest())).Ready.ShouldBeTrue();
        var server = await grpc.Client.ServerMetadataAsync(new ServerMetadataRequest());
        server.Name.ShouldBe("peregrine");
        server.Extensions.ShouldContain("statistics");
        (await grpc.Client.ModelReadyAsync(new ModelReadyRequest { Name = "fraud.score", Version = "v1" })).Ready.ShouldBeTrue();
        var model = await grpc.Client.ModelMetadataAsync(new ModelMetadataRequest { Name = "fraud.score" });
        model.Versions.ShouldBe(["v1"]);
        model.Inputs.Select(input => $"{input.Name} {input.Datatype} {string.Join(',', input.Shape)}").ShouldBe(["amount FP64 -1", "country BYTES -1", "online BOOL -1", "at BYTES -1"]);
        model.Outputs.Select(output => $"{output.Name} {output.Datatype} {string.Join(',', output.Shape)}")
            .ShouldBe(["prediction BYTES -1", "probas FP64 -1,2", "probaPercentile INT32 -1", "ignoreReason BYTES -1"]);
        model.Properties["classes"].ShouldBe("""["0","1"]""");
        await grpc.Client.ModelInferAsync(GrpcNode.Typed(new InferRecords(3)));
        var counts = (await grpc.Client.ModelStatisticsAsync(new ModelStatisticsRequest())).ModelStats.Single();
        (counts.Name, counts.Version, counts.InferenceCount, counts.ExecutionCount).ShouldBe(("fraud.score", "v1", 3UL, 1UL));
        counts.InferenceStats.Success.Ns.ShouldBeGreaterThan(0UL);
        var index = await grpc.Client.RepositoryIndexAsync(new RepositoryIndexRequest());
        index.Models.Select(line => $"{line.Name} {line.Version} {line.State}").ShouldBe(["fraud.score v0 UNAVAILABLE", "fraud.score v1 READY"]);
        (await grpc.Client.RepositoryIndexAsync(new RepositoryIndexRequest { Ready = true })).Models.Count.ShouldBe(1);
        (await GrpcNode.FailsAsync(grpc.Client.RepositoryModelLoadAsync(new RepositoryModelLoadRequest { ModelName = "fraud.score" }))).StatusCode.ShouldBe(StatusCode.Unimplemented);
        (await GrpcNode.FailsAsync(grpc.Client.ModelReadyAsync(new ModelReadyRequest { Name = "fraud.score", Version = "v7" }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Health_OfNodeAndModel_IsToldAndWatched()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService().StartAsync();
        using var grpc = new GrpcNode(node);
        var health = new Health.HealthClient(grpc.Channel);
        foreach (var name in new[] { "", "inference.GRPCInferenceService", "fraud.score" })
            (await health.CheckAsync(new HealthCheckRequest { Service = name })).Status.ShouldBe(ServingStatus.Serving, name);
        (await GrpcNode.FailsAsync(health.CheckAsync(new HealthCheckRequest { Service = "nobody" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var watch = health.Watch(new HealthCheckRequest { Service = "fraud.score" }, cancellationToken: stop.Token);
        (await NextAsync(watch, stop.Token)).ShouldBe(ServingStatus.Serving);
        await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/disable");
        (await NextAsync(watch, stop.Token)).ShouldBe(ServingStatus.NotServing);
        await node.AdminAsync(HttpMethod.Post, "services/fraud/actions/enable");
        (await NextAsync(watch, stop.Token)).ShouldBe(ServingStatus.Serving);
    }

    [Fact]
    public async Task Reflection_ListsTheServices()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService().StartAsync();
        using var grpc = new GrpcNode(node);
        using var call = new ServerReflection.ServerReflectionClient(grpc.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ShouldContain("inference.GRPCInferenceService");
        await call.RequestStream.CompleteAsync();
    }

    [Fact]
    public async Task Rest_BesideGrpc_KeepsItsOwnPort()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().WithService().StartAsync();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        (await node.GetAsync("v2/health/ready")).ShouldSucceed();
        var wrong = await node.SendAsync(HttpMethod.Post, "inference.GRPCInferenceService/ModelInfer", new ByteArrayContent([0]));
        ((int)wrong.Status).ShouldBe(426);
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, CancellationToken stop)
    {
        (await watch.ResponseStream.MoveNext(stop)).ShouldBeTrue();
        return watch.ResponseStream.Current.Status;
    }
}
