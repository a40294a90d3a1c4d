using System.Buffers.Binary;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.QueryLog;

namespace Peregrine.Fuzz.Targets;

/// <summary>The input is a script: claims of any length against drains, compared with a plain queue; durations of any length against the buckets.</summary>
internal sealed class RingTarget : IFuzzTarget
{
    private readonly LatencyBuckets _buckets = new();
    private readonly byte[] _drained = new byte[4096];

    public string Name => "ring";

    public IReadOnlyList<byte[]> Corpus { get; } = [new byte[64], [.. Enumerable.Range(0, 255).Select(i => (byte)i)], [1, 200, 1, 200, 1, 200, 1, 200, 0, 255, 255]];

    public IReadOnlyList<byte[]> Words { get; } = [[0], [255], [255, 255, 255, 255, 255, 255, 255, 127], [128], [1, 7], [1, 8], [1, 9], [127], [64, 64]];

    public long AllocationLimit(int inputLength) => 256 * 1024 + 512L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        var ring = new ByteRing(1024);
        var expected = new Queue<byte[]>();
        if (input.Length > 4096) input = input[..4096];
        for (var i = 0; i + 1 < input.Length; i += 2)
        {
            if (input[i] == 0) Drain(ring, expected);
            else Claim(ring, expected, input[i], input[i + 1]);
        }

        Drain(ring, expected);
        if (ring.Used != 0) throw new FuzzFault($"{ring.Used} bytes are in use of an empty ring.");
        if (input.Length >= 8) Bucket(BinaryPrimitives.ReadInt64LittleEndian(input));
    }

    private static void Claim(ByteRing ring, Queue<byte[]> expected, int length, byte fill)
    {
        if (!ring.TryClaim(length, out var claim))
        {
            if (ring.Used == 0 && length <= ring.MaxPayload) throw new FuzzFault($"An empty ring refused {length} bytes.");
            return;
        }

        claim.Payload.Fill(fill);
        var used = fill % (length + 1);
        claim.Commit(used);
        if (used > 0) expected.Enqueue([.. Enumerable.Repeat(fill, used)]);
    }

    private void Drain(ByteRing ring, Queue<byte[]> expected)
    {
        var payloads = 0L;
        var bytes = ring.Drain(_drained, long.MaxValue, ref payloads);
        if (payloads != expected.Count) throw new FuzzFault($"{payloads} of {expected.Count} payloads came out.");
        var at = 0;
        while (expected.TryDequeue(out var payload))
        {
            if (!_drained.AsSpan(at, payload.Length).SequenceEqual(payload)) throw new FuzzFault("A payload came out changed.");
            at += payload.Length;
        }

        if (at != bytes) throw new FuzzFault($"{bytes} bytes came out, {at} went in.");
    }

    private void Bucket(long microseconds)
    {
        var before = _buckets.Count;
        _buckets.Add(microseconds);
        if (_buckets.Count != before + 1) throw new FuzzFault($"{microseconds} microseconds were not counted once.");
    }
}
