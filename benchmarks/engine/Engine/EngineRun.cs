using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.QueryLog;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Benchmarks.Engine;

/// <summary><c>predict-multi</c> as the engine answers it: from the bytes of a body to the bytes of an answer.</summary>
internal sealed class EngineRun
{
    private const int PerCall = 1_000;

    private readonly byte[][] _bodies;
    private readonly int _records;
    private readonly PredictionEndpoint _prediction;

    public EngineRun(PredictionEndpoint prediction, IReadOnlyList<string> rows)
    {
        _prediction = prediction;
        _records = rows.Count;
        _bodies = [.. rows.Chunk(PerCall).Select(
            some => Encoding.UTF8.GetBytes($$"""{"items":[{{string.Join(',', some.Select(row => $$"""{"features":{{row}}}"""))}}]}"""))];
    }

    public void Report()
    {
        Clock.Line("predict-multi in the engine, no log", Run(logged: false, drift: false));
        Clock.Line("predict-multi in the engine, drift", Run(logged: false, drift: true));
        Clock.Line("predict-multi in the engine, query log", Run(logged: true, drift: false));
    }

    private double Run(bool logged, bool drift)
    {
        var services = new ServiceCollection().AddMetrics().AddLogging().AddSingleton(TimeProvider.System);
        services.Configure<ServingOptions>(options =>
        {
            options.QueryLogEnabled = logged;
            options.QueryLogBufferBytes = 64 * 1024 * 1024;
        });
        services.AddSingleton<QueryLogQueue>().AddSingleton<QueryLogLine>().AddSingleton<ServingMetrics>().AddSingleton<PredictionEngine>();
        using var provider = services.BuildServiceProvider();
        var endpoint = new LoadedEndpoint("fraud", "v1", _prediction, provider.GetRequiredService<ServingMetrics>().MeterFor("fraud", "score", "v1"),
            _prediction.CreateExplainer(mostTableBytes: 0), Sketch(drift));
        var engine = provider.GetRequiredService<PredictionEngine>();
        var log = provider.GetRequiredService<QueryLogQueue>();
        var drained = new byte[Math.Max(log.MaxLine, 1)];
        return Clock.Best(_records, (first, count) => Round(first, count, engine, endpoint, log, drained));
    }

    private DriftSketch? Sketch(bool drift) => drift && _prediction.Model.Reference is { } reference
        ? new DriftSketch(reference, [new DriftWindow("1h", TimeSpan.FromHours(1)), new DriftWindow("1d", TimeSpan.FromDays(1))], TimeProvider.System)
        : null;

    private void Round(int first, int count, PredictionEngine engine, LoadedEndpoint endpoint, QueryLogQueue log, byte[] drained)
    {
        var output = Utf8Output.Rent();
        foreach (var body in _bodies.AsSpan(first / PerCall, count / PerCall))
        {
            output.CutTo(0);
            var caller = new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp());
            if (!engine.TryPredictMulti(endpoint, body, caller, output)) throw new InvalidOperationException("The engine refused a body.");
            while (log.Enabled && log.Drain(drained, long.MaxValue, out _) > 0)
            {
            }
        }

        Utf8Output.Return(output);
    }
}
