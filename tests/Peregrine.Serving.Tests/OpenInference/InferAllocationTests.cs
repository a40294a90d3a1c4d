using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.OpenInference;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Tests.OpenInference;

/// <summary>Runs alone: it counts what the thread allocates.</summary>
[Collection(nameof(InferAllocationTests))]
[CollectionDefinition(nameof(InferAllocationTests), DisableParallelization = true)]
public sealed class InferAllocationTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(100, false)]
    [InlineData(100, true)]
    public async Task Infer_InTheEngine_AllocatesNothing(int rows, bool binary)
    {
        await using var node = await new ApiNodeBuilder().WithService().StartAsync();
        var engine = node.Services.GetRequiredService<InferEngine>();
        var route = node.Services.GetRequiredService<NodeState>().Current.Find("/v2/models/fraud.score/infer")!.Endpoint;
        var records = new InferRecords(rows);
        var (header, data) = binary ? records.Binary() : (records.Json(), []);
        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] body = [.. text, .. data];
        for (var i = 0; i < 200; i++) Infer(engine, route, body, text.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int Requests = 1_000;
        for (var i = 0; i < Requests; i++) Infer(engine, route, body, text.Length);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Requests;
        each.ShouldBeLessThan(64);
    }

    private static void Infer(InferEngine engine, EndpointRoute route, byte[] body, int headerLength)
    {
        var output = Utf8Output.Rent();
        var work = InferWorkspace.Rent();
        var report = default(PredictionReport);
        var caller = new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp());
        engine.InferRest(route, null, body, headerLength, caller, work, output, ref report).ShouldBeNull();
        InferWorkspace.Return(work);
        Utf8Output.Return(output);
    }
}
