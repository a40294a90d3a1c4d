using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Peregrine.Serving.Tests.Metrics;

/// <summary>What a collector is told of a generation that was deleted.</summary>
[Collection(nameof(MetricsPageTests))]
public sealed class OtlpMetricsTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<byte[]> _exports = [];
    private WebApplication _collector = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _collector = builder.Build();
        _collector.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _exports.Enqueue(body.ToArray());
        });
        await _collector.StartAsync();
    }

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    /// <summary>The library keeps a histogram's points to itself. A release of it that lets go of them is welcome: then docs/api-node/telemetry.md changes too.</summary>
    [Fact]
    public async Task Export_AfterADeletion_GoesOnWithTheHistogramAlone() =>
        (await ExportedAfterADeletionAsync("cumulative")).ShouldBe(["peregrine.inference.duration"]);

    [Fact]
    public async Task Export_OfDeltasAfterADeletion_TellsNothingOfIt() => (await ExportedAfterADeletionAsync("delta")).ShouldBeEmpty();

    /// <returns>Names of the metrics that still have points of the deleted generation.</returns>
    private async Task<IReadOnlyList<string>> ExportedAfterADeletionAsync(string temporality)
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Version = "leaves" })
            .WithSetting("Peregrine:Telemetry:OtlpEndpoint", _collector.Urls.First()).WithSetting("Peregrine:Telemetry:OtlpOverHttp", "true")
            .WithSetting("Peregrine:Telemetry:MetricsInterval", "00:00:01").WithSetting("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", temporality).StartAsync();
        (await node.PredictFeaturesAsync(TestPackage.GoodFeatures)).ShouldSucceed();
        await node.ImportAsync("fraud", new TestPackage { Version = "stays", Model = TestModels.Binary(bias: 2) }.Write());
        await node.SwitchAsync("stays");
        await Eventually.TrueAsync(() => _exports.Any(export => NamesOf("leaves", export).Contains("peregrine.inference.requests")));

        await node.AdminAsync(HttpMethod.Delete, "services/fraud/generations/leaves");

        // What is on its way may have been read before, and a difference is told once more.
        var before = _exports.Count;
        await Eventually.TrueAsync(() => _exports.Count >= before + 3);
        var last = _exports.ToArray()[^1];
        NamesOf("stays", last).ShouldContain("peregrine.generation.memory");
        return NamesOf("leaves", last);
    }

    private static List<string> NamesOf(string generation, byte[] export) =>
    [
        .. Parts(export, 1).SelectMany(resource => Parts(resource, 2)).SelectMany(scope => Parts(scope, 2))
            .Where(metric => metric.AsSpan().IndexOf(Encoding.UTF8.GetBytes(generation)) >= 0)
            .Select(metric => Encoding.UTF8.GetString(Parts(metric, 1)[0])),
    ];

    /// <summary>The messages or texts in a field of a message.</summary>
    private static List<byte[]> Parts(byte[] message, int field)
    {
        var parts = new List<byte[]>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited)) parts.Add(input.ReadBytes().ToByteArray());
            else input.SkipLastField();
        }

        return parts;
    }
}
