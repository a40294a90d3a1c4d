using System.Buffers.Binary;
using Peregrine.Serving.QueryLog;

namespace Peregrine.Serving.Tests.QueryLog;

public sealed class ByteRingTests
{
    [Fact]
    public void Drain_AfterCommits_GivesPayloadsInOrder()
    {
        var ring = new ByteRing(1024);
        for (var round = 0; round < 1_000; round++)
        {
            Put(ring, [(byte)round, 1, 2]).ShouldBeTrue();
            Put(ring, [(byte)round]).ShouldBeTrue();
            Drain(ring).ShouldBe([(byte)round, 1, 2, (byte)round]);
        }
    }

    [Fact]
    public void TryClaim_WhenFull_FailsAndWorksAgainAfterADrain()
    {
        var ring = new ByteRing(1024);
        var stored = 0;
        while (Put(ring, new byte[100])) stored++;
        stored.ShouldBe(1024 / 112);
        Drain(ring).Length.ShouldBe(stored * 100);
        Put(ring, new byte[100]).ShouldBeTrue();
    }

    [Fact]
    public void TryClaim_LongerThanAQuarter_Fails() => new ByteRing(1024).TryClaim(257, out _).ShouldBeFalse();

    [Fact]
    public void Commit_OfNothing_LeavesNoTrace()
    {
        var ring = new ByteRing(1024);
        ring.TryClaim(50, out var given).ShouldBeTrue();
        given.Commit(0);
        Put(ring, [7]);
        Drain(ring).ShouldBe([7]);
    }

    [Fact]
    public void Drain_WithEnough_LeavesTheRestForTheNextTime()
    {
        var ring = new ByteRing(4096);
        for (byte i = 0; i < 10; i++) Put(ring, [i, i, i]);
        var buffer = new byte[4096];
        var payloads = 0L;
        buffer[..ring.Drain(buffer, 7, ref payloads)].ShouldBe([0, 0, 0, 1, 1, 1, 2, 2, 2]);
        payloads.ShouldBe(3);
        ring.Drain(buffer, 0, ref payloads).ShouldBe(0);
        Drain(ring).Length.ShouldBe(21);
    }

    [Fact]
    public async Task Claim_ByManyWriters_LosesAndDoublesNothing()
    {
        var ring = new ByteRing(16 * 1024);
        const int Writers = 4;
        const int PerWriter = 50_000;
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteNumbers(ring, writer, PerWriter))).ToArray();
        var done = Task.WhenAll(writers);
        var next = new int[Writers];
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var finished = done.IsCompleted;
            var payloads = 0L;
            var bytes = ring.Drain(buffer, long.MaxValue, ref payloads);
            for (var at = 0; at < bytes;)
            {
                var writer = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at));
                BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at + 4)).ShouldBe(next[writer]++);
                at += 8 + (next[writer] - 1) % 40;
            }

            if (bytes == 0 && finished) break;
        }

        await done;
        next.ShouldAllBe(count => count == PerWriter);
    }

    private static void WriteNumbers(ByteRing ring, int writer, int count)
    {
        for (var i = 0; i < count;)
        {
            var length = 8 + i % 40;
            if (!ring.TryClaim(length + 5, out var claim))
            {
                Thread.Yield();
                continue;
            }

            BinaryPrimitives.WriteInt32LittleEndian(claim.Payload, writer);
            BinaryPrimitives.WriteInt32LittleEndian(claim.Payload[4..], i++);
            claim.Commit(length);
        }
    }

    private static bool Put(ByteRing ring, ReadOnlySpan<byte> payload)
    {
        if (!ring.TryClaim(payload.Length, out var claim)) return false;
        payload.CopyTo(claim.Payload);
        claim.Commit(payload.Length);
        return true;
    }

    private static byte[] Drain(ByteRing ring)
    {
        var buffer = new byte[4096];
        var payloads = 0L;
        return buffer[..ring.Drain(buffer, long.MaxValue, ref payloads)];
    }
}
