using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Models.Explanations;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Explanations;

/// <summary>
/// Makes what explanations of loaded generations need, one endpoint after the other, beside the requests: neither the node's start nor the first explained request
/// waits for it.
/// </summary>
internal sealed partial class ExplanationPreparer(
    IOptions<ExplanationOptions> options, BesideRequests beside, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ExplanationPreparer> log) : BackgroundService
{
    private const int MostWaiting = 1_000;

    /// <summary>A generation that is let go sooner than this after its loading is not worth it.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(1);

    /// <summary>What falls out is made by its first explained request. A generation that is let go while it waits is not kept in memory for it.</summary>
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public void Add(LoadedGeneration generation)
    {
        if (options.Value.PrepareAhead) _waiting.Writer.TryWrite(new Waiting(new WeakReference<LoadedGeneration>(generation), clock.GetTimestamp()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartedAsync(stoppingToken);
            await foreach (var (generation, since) in _waiting.Reader.ReadAllAsync(stoppingToken))
            {
                if (s_settling - clock.GetElapsedTime(since) is { Ticks: > 0 } rest) await Task.Delay(rest, clock, stoppingToken);
                Prepare(generation);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private void Prepare(WeakReference<LoadedGeneration> waiting)
    {
        // No longer loaded when nobody uses it.
        if (!waiting.TryGetTarget(out var generation) || generation.Users == 0) return;
        foreach (var endpoint in generation.Endpoints.Values) beside.Run(() => Prepare(generation, endpoint));
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary of one endpoint: whatever its model makes fail, the others are prepared.")]
    private void Prepare(LoadedGeneration generation, LoadedEndpoint endpoint)
    {
        try
        {
            endpoint.Explainer.Prepare();
            if (endpoint.Explainer.Problem is null) Rehearse(endpoint);
        }
        catch (Exception fault)
        {
            NotPrepared(log, generation.Service, endpoint.Id, generation.Id, fault);
        }
    }

    /// <summary>Explains the endpoint's own test query by both methods: compiled code and the query's rows of the tables are there then. Nothing is counted or logged.</summary>
    private static void Rehearse(LoadedEndpoint endpoint)
    {
        var prediction = endpoint.Prediction;
        var features = prediction.TestQueries.FirstOrDefault()?["q"]?["features"] ?? PredictionSample.Features(prediction.Model.Spec);
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes(features.ToJsonString()));
        var context = prediction.Model.Rent();
        try
        {
            if (!prediction.Score(ref scanner, context).IsNone || context.IgnoreReason is not null) return;
            foreach (var method in Enum.GetValues<ExplanationMethod>())
                endpoint.Explainer.Write(context, new ExplanationRequest(true, method, ExplanationSettings.DefaultCount), new ArrayBufferWriter<byte>());
        }
        finally
        {
            prediction.Model.Return(context);
        }
    }

    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    /// <param name="Since">Timestamp of the clock when it had been loaded.</param>
    private readonly record struct Waiting(WeakReference<LoadedGeneration> Generation, long Since);

    [LoggerMessage(EventId = 2060, Level = LogLevel.Warning, Message = "Explanations of endpoint {Endpoint} of API service {Service}, generation {Generation}, cannot be prepared")]
    private static partial void NotPrepared(ILogger logger, string service, string endpoint, string generation, Exception fault);
}
