using System.Numerics;

namespace Peregrine.Serving.Drift;

/// <summary>
/// Counts that many threads raise at once. A writer owns one stripe for a few nanoseconds, by one compare-and-swap, and raises its cells without
/// further ado; when another is there it takes the next stripe, and when all are taken, cells that are raised one by one. Nobody waits, nothing is lost.
/// </summary>
internal sealed class StripedCells
{
    private const int MostStripes = 16;
    private const int Owner = 16; // place of the owner's mark, cache lines away from other objects and from the counts
    private const int Head = 32;
    private const int Tail = 32;

    private readonly uint[][] _stripes;
    private readonly uint[] _shared;

    /// <param name="cells">How many counts there are.</param>
    public StripedCells(int cells)
    {
        Cells = cells;
        var stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 1, MostStripes));
        _stripes = new uint[stripes][];
        for (var i = 0; i < stripes; i++) _stripes[i] = new uint[Head + cells + Tail];
        _shared = new uint[cells];
    }

    public int Cells { get; }

    public long Bytes => sizeof(uint) * ((long)_stripes.Length * (Head + Cells + Tail) + Cells);

    /// <summary>Raises each of these cells by one; a cell may stand there many times.</summary>
    public void Raise(ReadOnlySpan<int> cells)
    {
        var stripes = _stripes;
        var at = Thread.GetCurrentProcessorId();
        for (var tries = 0; tries < stripes.Length; tries++, at++)
        {
            var stripe = stripes[at & (stripes.Length - 1)];
            if (Interlocked.CompareExchange(ref stripe[Owner], 1, 0) != 0) continue;
            foreach (var cell in cells) stripe[Head + cell]++;
            Volatile.Write(ref stripe[Owner], 0);
            return;
        }

        foreach (var cell in cells) Interlocked.Increment(ref _shared[cell]);
    }

    /// <summary>Moves all counts out, those of writers at work included. Not for the request path: it waits for the owners of stripes.</summary>
    /// <param name="sums">Shape [<see cref="Cells"/>], added to.</param>
    /// <returns>Whether there was any.</returns>
    public bool Drain(Span<long> sums)
    {
        var any = false;
        foreach (var stripe in _stripes)
        {
            var wait = new SpinWait();
            while (Interlocked.CompareExchange(ref stripe[Owner], 1, 0) != 0) wait.SpinOnce();
            var counts = stripe.AsSpan(Head, Cells);
            for (var cell = 0; cell < counts.Length; cell++)
            {
                any |= counts[cell] != 0;
                sums[cell] += counts[cell];
            }

            counts.Clear();
            Volatile.Write(ref stripe[Owner], 0);
        }

        for (var cell = 0; cell < _shared.Length; cell++)
        {
            if (Volatile.Read(ref _shared[cell]) == 0) continue;
            any = true;
            sums[cell] += Interlocked.Exchange(ref _shared[cell], 0);
        }

        return any;
    }
}
