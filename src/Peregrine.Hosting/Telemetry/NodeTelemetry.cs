using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Peregrine.Hosting.Telemetry;

/// <summary>Meters and their Prometheus page. The exporter is a prerelease package; nothing else of ours names it.</summary>
public static class NodeTelemetry
{
    /// <summary>Every meter of ours starts with this and a dot, and so is on the metrics page without further ado.</summary>
    public const string MeterPrefix = "Peregrine";

    internal const string HostingMeter = MeterPrefix + ".Hosting";

    private const string ActiveRequests = "http.server.active_requests";
    private const string RequestDuration = "http.server.request.duration";

    /// <summary>Several nodes of one process see the instruments of each other.</summary>
    private const int MostInstruments = 10_000;

    /// <summary>Memory for all series that an instrument may have is taken with its first: 200 KB each with the 2,000 that are usual.</summary>
    private const int SeriesOfOthers = 100;

    /// <summary>Seconds; the usual ones begin at 5 ms, where a prediction is long over.</summary>
    private static readonly double[] RequestBuckets =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static IServiceCollection AddNodeTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(MeterPrefix + ".*")
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            // Opt-in by convention, and two records per request.
            .AddView(ActiveRequests, MetricStreamConfiguration.Drop)
            .AddView(RequestDuration, new ExplicitBucketHistogramConfiguration { Boundaries = RequestBuckets })
            .AddView(FewSeries)
            .SetMaxMetricStreams(MostInstruments)
            .AddPrometheusExporter());
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.TraceSampleRatio == 0 || EndpointOf(options) is not null, $"{TelemetryOptions.Section}:TraceSampleRatio needs {TelemetryOptions.Section}:OtlpEndpoint: traces go nowhere else.")
            .ValidateOnStart();
        if (configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() is var settings && EndpointOf(settings) is { } endpoint)
        {
            settings ??= new TelemetryOptions();
            settings.OtlpEndpoint = endpoint;
            OtlpExport.Add(services, settings);
        }

        return services;
    }

    /// <summary>Instruments of the framework and the runtime: their labels have few values. Ours go by service, endpoint and generation.</summary>
    private static MetricStreamConfiguration? FewSeries(Instrument instrument) =>
        instrument.Meter.Name.StartsWith(MeterPrefix, StringComparison.Ordinal) || instrument.Name is ActiveRequests or RequestDuration
            ? null : new MetricStreamConfiguration { CardinalityLimit = SeriesOfOthers };

    private static Uri? EndpointOf(TelemetryOptions? options) =>
        options?.OtlpEndpoint ?? (Uri.TryCreate(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"), UriKind.Absolute, out var given) ? given : null);

    /// <summary><c>/metrics</c> in the Prometheus text formats, without authentication.</summary>
    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        var exporter = routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true).Build();
        var sources = routes.ServiceProvider.GetServices<IMetricsSource>().ToList();
        var filters = routes.ServiceProvider.GetServices<ISeriesFilter>().ToList();
        routes.MapMethods("/metrics", ["GET", "HEAD"], context => MetricsPage.WriteAsync(context, exporter, sources, filters)).AllowAnonymous().DisableHttpMetrics();
        return routes;
    }
}
