using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Access;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Tests.Drift;

namespace Peregrine.Serving.Tests.Predictions;

/// <summary>Runs alone: it counts what the process allocates.</summary>
[Collection(nameof(HotPathAllocationTests))]
[CollectionDefinition(nameof(HotPathAllocationTests), DisableParallelization = true)]
public sealed class HotPathAllocationTests
{
    [Theory]
    [InlineData(5, FeaturePolicy.Ignore)]
    [InlineData(500, FeaturePolicy.Ignore)]
    [InlineData(500, FeaturePolicy.Warn)]
    [InlineData(500, FeaturePolicy.Ignore, true, true)]
    [InlineData(500, FeaturePolicy.Ignore, false, true)]
    public async Task Predict_InTheEngine_AllocatesNothingHoweverManyFeatures(int inputs, FeaturePolicy policy, bool preparedInAnswer = false, bool preparedInLog = false)
    {
        await using var node = await StartAsync(inputs, policy, new PostEnrichmentSettings { InAnswer = preparedInAnswer, InLog = preparedInLog });
        var engine = node.Services.GetRequiredService<PredictionEngine>();
        var route = node.Services.GetRequiredService<NodeState>().Current.Find("/public/api/v1/fraud/score/predict")!.Endpoint;
        var body = Encoding.UTF8.GetBytes(Body(inputs));
        for (var i = 0; i < 200; i++) Predict(engine, route, body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int Requests = 1_000;
        for (var i = 0; i < Requests; i++) Predict(engine, route, body);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Requests;
        each.ShouldBeLessThan(64);
    }

    [Fact]
    public async Task Predict_OverHttp_AllocatesABoundedAmountHoweverManyFeatures()
    {
        // The whole process is counted, the caller in it too: a socket and its buffers, which allocate next to nothing.
        var few = await BytesPerRequestAsync(5);
        var many = await BytesPerRequestAsync(400);
        few.ShouldBeLessThan(4_000);
        many.ShouldBeLessThan(few + 1_000);
    }

    [Fact]
    public async Task Authorize_OfAHeaderThatIsKnown_AllocatesNothing_AlsoWhenTheSecondOfTheKeysLastUseChanges()
    {
        var clock = new FakeTimeProvider();
        await using var node = await new ApiNodeBuilder().WithServices(services => services.AddSingleton<TimeProvider>(clock))
            .WithService(package: new TestPackage { Authorization = TestPackage.ByKey() }).StartAsync();
        var access = node.Services.GetRequiredService<AccessControl>();
        var service = node.Services.GetRequiredService<NodeState>().Current.Services["fraud"];
        var context = new DefaultHttpContext();
        context.Request.Headers.Authorization = TestNode.Basic(TestPackage.Key).ToString();
        long allocated = 0;
        for (var second = 0; second < 20; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) access.Authorize(context, service, "score").Error.ShouldBeNull();
            // The first time looks at the key itself.
            if (second > 0) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        allocated.ShouldBe(0);
    }

    private static async Task<double> BytesPerRequestAsync(int inputs)
    {
        await using var node = await StartAsync(inputs);
        var body = Body(inputs);
        var request = Encoding.UTF8.GetBytes($"POST /public/api/v1/fraud/score/predict HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(node.Address.Host, node.Address.Port);
        var buffer = new byte[16 * 1024];
        for (var i = 0; i < 200; i++) await AskAsync(socket, request, buffer);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        const int Requests = 1_000;
        for (var i = 0; i < Requests; i++) await AskAsync(socket, request, buffer);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
    }

    private static async ValueTask AskAsync(Socket socket, byte[] request, byte[] buffer)
    {
        await socket.SendAsync(request, SocketFlags.None);
        var read = 0;
        do read += await socket.ReceiveAsync(buffer.AsMemory(read), SocketFlags.None);
        while (buffer[read - 1] != '}');
        buffer.AsSpan(0, 15).SequenceEqual("HTTP/1.1 200 OK"u8).ShouldBeTrue();
    }

    private static void Predict(PredictionEngine engine, EndpointRoute route, byte[] body)
    {
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        var caller = new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp());
        engine.Predict(route, body, caller, output, ref report).ShouldBeNull();
        Utf8Output.Return(output);
    }

    private static Task<TestNode> StartAsync(int inputs, FeaturePolicy policy = FeaturePolicy.Ignore, PostEnrichmentSettings? prepared = null) => new ApiNodeBuilder()
        .WithService(package: new TestPackage
        {
            Model = WithReference(TestModels.Wide(inputs)), Sample = Features(inputs),
            Settings = new PredictionSettings { ConvertedTypes = policy, OutOfRange = policy, UnseenCategories = policy, PostEnrichment = prepared },
        }).StartAsync();

    /// <summary>Drift is counted, as it is by default.</summary>
    private static ModelArtifact WithReference(ModelArtifact model) => model with { Reference = TestReference.Of(model) };

    private static string Body(int inputs) => $$"""{"features":{{Features(inputs)}}}""";

    private static string Features(int inputs) =>
        $"{{{string.Join(',', Enumerable.Range(0, inputs).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"f{i}\":{(i + 1) / 8.0}")))}}}";
}
