using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Metrics;

/// <summary>What each generation on the node is, takes and does, read when somebody asks. Hosted, so that it is there from the start.</summary>
internal sealed class GenerationMetrics : IHostedService
{
    private readonly NodeState _state;
    private readonly ConditionalWeakTable<LoadedGeneration, object> _bytes = [];

    public GenerationMetrics(NodeState state, IMeterFactory factory)
    {
        _state = state;
        var meter = factory.Create(ServingMetrics.MeterName);
        meter.CreateObservableGauge("peregrine.generation.memory", () => Loaded().Select(one => Of(BytesOf(one), one)), "By", "Managed memory of a loaded generation's models.");
        meter.CreateObservableGauge("peregrine.generation.requests", () => Loaded().Select(one => Of(one.Users - 1, one)), "{request}", "Requests that a loaded generation is answering.");
        meter.CreateObservableGauge("peregrine.generation.share", ReadShares, "1", "Share of the traffic that the mapping gives a generation; -1 where it should answer and cannot.");
        meter.CreateObservableGauge("peregrine.service.serving", () => _state.Current.Services.Values.Select(service => new Measurement<int>(service.IsServing ? 1 : 0, KeyValuePair.Create("service", (object?)service.Id))), "1", "1 where a service takes requests.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<long> Of(long value, LoadedGeneration one) => new(value, new("service", one.Service), new("generation", one.Id));

    private IEnumerable<LoadedGeneration> Loaded() => _state.Current.Services.Values.SelectMany(service => service.Forceable);

    /// <summary>Measured once, when first asked for: a model does not change.</summary>
    private long BytesOf(LoadedGeneration generation) => (long)_bytes.GetValue(
        generation, static one => one.All.Sum(endpoint => HeapSize.Of(endpoint.Packaged) + endpoint.AnswerTail.Length + endpoint.LogHead.Length));

    private IEnumerable<Measurement<double>> ReadShares()
    {
        foreach (var service in _state.Current.Services.Values)
        {
            foreach (var share in service.Document.Mapping?.Entries ?? [])
            {
                var answers = service.Generations.GetValueOrDefault(share.Generation)?.Loaded is not null;
                yield return new Measurement<double>(answers ? share.Proba : -1, new("service", service.Id), new("generation", share.Generation));
            }
        }
    }
}
