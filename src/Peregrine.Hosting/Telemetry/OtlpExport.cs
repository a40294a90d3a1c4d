using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Peregrine.Hosting.Telemetry;

/// <summary>Export over OTLP. Apart from the rest, so that its assemblies are loaded only where it is wanted.</summary>
internal static class OtlpExport
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(IServiceCollection services, TelemetryOptions settings)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("peregrine"));
        telemetry.WithMetrics(metrics => metrics.AddOtlpExporter((exporter, reader) =>
        {
            Configure(exporter, settings, "v1/metrics");
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.MetricsInterval.TotalMilliseconds;
        }));
        if (settings.TraceSampleRatio == 0) return;
        telemetry.WithTracing(traces => traces
            .AddSource(NodeTelemetry.MeterPrefix + ".*")
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TraceSampleRatio)))
            .AddOtlpExporter(exporter => Configure(exporter, settings, "v1/traces")));
    }

    private static void Configure(OtlpExporterOptions exporter, TelemetryOptions settings, string path)
    {
        exporter.Protocol = settings.OtlpOverHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = settings.OtlpOverHttp ? new Uri($"{settings.OtlpEndpoint!.AbsoluteUri.TrimEnd('/')}/{path}") : settings.OtlpEndpoint!;
        exporter.Headers = settings.OtlpHeaders;
    }
}
