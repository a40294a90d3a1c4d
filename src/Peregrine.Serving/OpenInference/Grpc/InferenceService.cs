using Grpc.Core;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Draining;
using Peregrine.Hosting.Health;
using Peregrine.Serving.OpenInference.Grpc.Contract;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Rest;
using Peregrine.Serving.OpenInference.Tensors;

namespace Peregrine.Serving.OpenInference.Grpc;

/// <summary>The calls of the service besides <c>ModelInfer</c>, which is answered ahead of routing.</summary>
internal sealed class InferenceService(
    ModelDirectory models, RepositoryIndex index, IEnumerable<IReadinessCondition> conditions, DrainState drain, IOptions<OpenInferenceOptions> options)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) => Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context)
    {
        drain.NoteProbe();
        return Task.FromResult(new ServerReadyResponse { Ready = conditions.All(condition => condition.Check().IsReady) });
    }

    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        await models.GetAsync(request.Name, request.Version, context.GetHttpContext());
        return new ModelReadyResponse { Ready = true };
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) => Task.FromResult(new ServerMetadataResponse
    {
        Name = options.Value.ServerName, Version = OpenInferenceEndpoints.Version, Extensions = { OpenInferenceEndpoints.Extensions },
    });

    public override async Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        var (model, signature) = await models.GetAsync(request.Name, request.Version, context.GetHttpContext());
        return new ModelMetadataResponse
        {
            Name = signature.Name,
            Versions = { model.Loaded.Select(generation => generation.Id) },
            Platform = ModelSignature.Platform,
            Inputs = { signature.ToldInputs.Select(input => Tensor(input.Name, ModelSignature.TypeOf(input.Kind), [-1])) },
            Outputs = { signature.Outputs.Select(output => Tensor(output.Name, output.Type, output.Shape(-1))) },
            Properties = { ModelJson.PropertiesOf(signature).ToDictionary(StringComparer.Ordinal) },
        };
    }

    public override async Task<ModelStatisticsResponse> ModelStatistics(ModelStatisticsRequest request, ServerCallContext context)
    {
        if (request.Name.Length == 0) return Statistics((await models.AllAsync(context.GetHttpContext())).SelectMany(model => model.Signatures));
        var (served, signature) = await models.GetAsync(request.Name, request.Version, context.GetHttpContext());
        return Statistics(request.Version.Length == 0 ? served.Signatures : [signature]);
    }

    public override async Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context) => new()
    {
        Models =
        {
            (await index.ListAsync(context.GetHttpContext(), request.Ready)).Select(line => new RepositoryIndexResponse.Types.ModelIndex
            {
                Name = line.Name, Version = line.Version, State = line.State, Reason = line.Reason,
            }),
        },
    };

    public override Task<RepositoryModelLoadResponse> RepositoryModelLoad(RepositoryModelLoadRequest request, ServerCallContext context) =>
        throw Models.RepositoryIndex.NotHere("load", request.ModelName).AsException();

    public override Task<RepositoryModelUnloadResponse> RepositoryModelUnload(RepositoryModelUnloadRequest request, ServerCallContext context) =>
        throw Models.RepositoryIndex.NotHere("unload", request.ModelName).AsException();

    private static ModelMetadataResponse.Types.TensorMetadata Tensor(string name, TensorType type, long[] shape) =>
        new() { Name = name, Datatype = TensorTypes.NameOf(type), Shape = { shape } };

    private static ModelStatisticsResponse Statistics(IEnumerable<ModelSignature> models) => new() { ModelStats = { models.Select(model => Statistics(model)) } };

    private static ModelStatistics Statistics(ModelSignature model)
    {
        var counts = model.Statistics;
        return new ModelStatistics
        {
            Name = model.Name,
            Version = model.Version,
            LastInference = (ulong)counts.Last,
            InferenceCount = (ulong)counts.Rows,
            ExecutionCount = (ulong)counts.Successes,
            InferenceStats = new Contract.InferStatistics
            {
                Success = Duration(counts.Successes, counts.SuccessTime),
                Fail = Duration(counts.Failures, counts.FailureTime),
                Queue = new StatisticDuration(),
                ComputeInput = Duration(counts.Successes, counts.InputTime),
                ComputeInfer = Duration(counts.Successes, counts.InferTime),
                ComputeOutput = Duration(counts.Successes, counts.OutputTime),
                CacheHit = new StatisticDuration(),
                CacheMiss = new StatisticDuration(),
            },
        };
    }

    private static StatisticDuration Duration(long count, long nanoseconds) => new() { Count = (ulong)count, Ns = (ulong)nanoseconds };
}
