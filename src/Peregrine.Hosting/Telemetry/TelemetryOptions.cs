using System.ComponentModel.DataAnnotations;

namespace Peregrine.Hosting.Telemetry;

/// <summary>Where metrics and traces go beside the metrics page.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Peregrine:Telemetry";

    /// <summary>Collector that gets metrics, and traces where they are sampled, over OTLP: such as <c>http://collector:4317</c>. Default: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, else none, and then nothing of it is loaded.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>True sends over HTTP with Protobuf (port 4318), false over gRPC (port 4317). Default: gRPC.</summary>
    public bool OtlpOverHttp { get; set; }

    /// <summary>Headers of each call as <c>name=value,name=value</c>. Default: none.</summary>
    public string? OtlpHeaders { get; set; }

    /// <summary>Time between two exports of metrics: 1 s to 1 h, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MetricsInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Share of requests without a sampled parent that are traced, 0 to 1, default 0: tracing is off and costs nothing. Needs an OTLP endpoint.</summary>
    [Range(0.0, 1.0)]
    public double TraceSampleRatio { get; set; }
}
