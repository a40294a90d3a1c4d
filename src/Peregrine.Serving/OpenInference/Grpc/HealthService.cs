using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using Peregrine.Hosting.Draining;
using Peregrine.Hosting.Health;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference.Grpc;

/// <summary>
/// <c>grpc.health.v1.Health</c>: the node by the empty name or that of its service, a model by its own. Whether a model serves is no secret here, as nothing else of it is told.
/// </summary>
internal sealed class HealthService(
    NodeState state, IEnumerable<IReadinessCondition> conditions, DrainState drain, IHostApplicationLifetime lifetime, TimeProvider clock)
    : Health.HealthBase
{
    private const string ServiceName = "inference.GRPCInferenceService";

    /// <summary>How soon a watcher learns of a change.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        drain.NoteProbe();
        var status = StatusOf(request.Service);
        if (status == HealthCheckResponse.Types.ServingStatus.ServiceUnknown) throw new RpcException(new Status(StatusCode.NotFound, $"There is no '{request.Service}' on this node."));
        return Task.FromResult(new HealthCheckResponse { Status = status });
    }

    /// <summary>Tells the state now, and each state that follows, until the caller leaves or the node stops.</summary>
    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        drain.NoteProbe();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopped);
        using var timer = new PeriodicTimer(s_look, clock);
        var told = HealthCheckResponse.Types.ServingStatus.Unknown;
        while (!end.IsCancellationRequested)
        {
            var status = StatusOf(request.Service);
            if (status != told) await responseStream.WriteAsync(new HealthCheckResponse { Status = told = status }, end.Token);
            // A watched server that stops has said so; holding the stream would hold up the stop.
            if (lifetime.ApplicationStopping.IsCancellationRequested && status != HealthCheckResponse.Types.ServingStatus.Serving) return;
            if (!await WaitAsync(timer, end.Token)) return;
        }
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken end)
    {
        try
        {
            return await timer.WaitForNextTickAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private HealthCheckResponse.Types.ServingStatus StatusOf(string name)
    {
        if (name is not ("" or ServiceName) && ModelDirectory.Find(state.Current, name) is null)
        {
            return ModelDirectory.Owners(state.Current, name).Any(service => !service.IsServing)
                ? HealthCheckResponse.Types.ServingStatus.NotServing
                : HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
        }

        return conditions.All(condition => condition.Check().IsReady) ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.NotServing;
    }
}
