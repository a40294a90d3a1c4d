using System.Diagnostics.Metrics;
using Peregrine.Hosting.Telemetry;

namespace Peregrine.Serving.Metrics;

/// <summary>Stage times on the metrics page as histograms, and as seconds in total for every exporter.</summary>
internal sealed class StageMetrics : IMetricsSource
{
    private const string Name = "peregrine_inference_stage_duration_seconds";
    private static readonly Stage[] s_stages = Enum.GetValues<Stage>();

    private readonly ServingMetrics _metrics;

    public StageMetrics(ServingMetrics metrics, IMeterFactory factory)
    {
        _metrics = metrics;
        factory.Create(ServingMetrics.MeterName).CreateObservableCounter("peregrine.inference.stage.time", ReadTotals, "s", "Seconds spent in each stage of answered requests.");
    }

    public void Write(MetricsText text)
    {
        text.BeginHistogram(Name, "Time of each stage of answered requests.");
        foreach (var meter in Used())
        {
            foreach (var stage in s_stages)
            {
                var (counts, sum) = meter.Stages.Read(stage);
                text.Histogram(Name, [new("service", meter.Service), new("endpoint", meter.Endpoint), new("generation", meter.Generation), new("stage", NameOf(stage))], StageTimes.Boundaries, counts, sum);
            }
        }
    }

    private static string NameOf(Stage stage) => stage switch { Stage.Bind => "bind", Stage.Score => "score", _ => "write" };

    private IEnumerable<EndpointMeter> Used() => _metrics.Meters.Where(meter => meter.Generation.Length > 0 && meter.Stages.Read(Stage.Bind).Counts.Any(count => count > 0));

    private IEnumerable<Measurement<double>> ReadTotals() =>
        from meter in Used()
        from stage in s_stages
        select new Measurement<double>(meter.Stages.Read(stage).Sum, [.. meter.Labels, new KeyValuePair<string, object?>("stage", NameOf(stage))]);
}
