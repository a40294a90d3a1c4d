using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Tests.Predictions;

namespace Peregrine.Serving.Tests.Kinds.Lookup;

/// <summary>Runs alone: it counts what is allocated.</summary>
[Collection(nameof(HotPathAllocationTests))]
public sealed class LookupAllocationTests
{
    /// <summary>Unoptimised code keeps the state of each async method on the heap: some hundred bytes a request, however many records.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lookup_InTheEngine_AllocatesNothingThatGrowsWithItsRecords(bool cached)
    {
        await using var node = await new LookupPackage { More = 300, Settings = new LookupSettings { Cache = cached ? new CacheSettings() : null } }.StartAsync();
        var one = await BytesPerRequestAsync(node, "lookup", 1);
        var many = await BytesPerRequestAsync(node, "lookup-multi", 200);
        one.ShouldBeLessThan(2_000);
        many.ShouldBeLessThan(one + 200);
    }

    private static async Task<double> BytesPerRequestAsync(TestNode node, string call, int records)
    {
        var engine = node.Services.GetRequiredService<KindEngine>();
        var path = $"/public/api/v1/refs/people/{call}";
        var route = node.Services.GetRequiredService<NodeState>().Current.Find(path)!;
        var items = string.Join(',', Enumerable.Range(0, records).Select(row => $$$"""{"data":{"country":"XX","number":{{{row}}}}}"""));
        var body = Encoding.UTF8.GetBytes(call == "lookup" ? items : $$"""{"items":[{{items}}]}""");
        var asked = new UserCall(new DefaultHttpContext(), path, route, new Caller(CallerKey.Anyone, null, Stopwatch.GetTimestamp()));
        for (var round = 0; round < 100; round++) await AskAsync(engine, asked, body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int Requests = 200;
        for (var round = 0; round < Requests; round++) await AskAsync(engine, asked, body);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Requests;
    }

    private static async ValueTask AskAsync(KindEngine engine, UserCall call, byte[] body)
    {
        var output = Utf8Output.Rent();
        var outcome = await engine.AnswerAsync(call, body, output);
        outcome.Error.ShouldBeNull();
        Utf8Output.Return(output);
    }
}
