namespace Peregrine.Serving.Metrics;

/// <summary>A count that many threads raise without meeting on one cache line.</summary>
internal sealed class StripedCounter
{
    private const int Spread = 16; // longs between two cells: two cache lines

    private static readonly int s_stripes = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64));
    private readonly long[] _cells = new long[(s_stripes + 1) * Spread];

    public void Add(long amount) =>
        Interlocked.Add(ref _cells[((Thread.GetCurrentProcessorId() & (s_stripes - 1)) + 1) * Spread], amount);

    public long Value
    {
        get
        {
            var sum = 0L;
            for (var i = Spread; i < _cells.Length; i += Spread) sum += Volatile.Read(ref _cells[i]);
            return sum;
        }
    }
}
