namespace Peregrine.Serving.Tests.Bulk;

/// <summary>Runs alone: it counts the memory of the process.</summary>
[Collection(nameof(StreamMemoryTests))]
[CollectionDefinition(nameof(StreamMemoryTests), DisableParallelization = true)]
public sealed class StreamMemoryTests
{
    [Fact]
    public async Task Stream_LongWithTinyPieces_KeepsOrderAndMemory()
    {
        await using var node = await new ApiNodeBuilder().WithService(package: new TestPackage { Model = TestModels.Trees() }).With(options => options.QueryLogEnabled = false).StartAsync();
        using var duplex = await Duplex.OpenAsync(node, "text/csv", "application/x-ndjson");
        await duplex.SendAsync("amount,country,online,at\n");
        var reading = duplex.CountLinesAsync();
        var piece = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"{i},FR,true,2026-01-31\n"));
        var before = 0L;
        for (var i = 0; i < 200; i++)
        {
            // Cut at another place each time, so that records straddle the pieces that arrive.
            var cut = i * 37 % piece.Length;
            await duplex.SendAsync(piece[..cut]);
            await duplex.SendAsync(piece[cut..]);
            if (i == 50) before = GC.GetTotalMemory(forceFullCollection: true);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(8 * 1024 * 1024);
        await duplex.EndAsync();
        var (lines, last) = await reading;
        lines.ShouldBe(200_001);
        last.ShouldContain("\"rows\":200000,");
    }
}
