namespace Peregrine.Serving.Drift;

/// <summary>The slices of one sliding window. Guarded by its sketch.</summary>
internal sealed class WindowRing(DriftWindow window, int cells)
{
    private readonly long[]?[] _counts = new long[DriftWindow.Slices][];
    private readonly long[] _numbers = new long[DriftWindow.Slices];

    public DriftWindow Window { get; } = window;

    /// <summary>When all slices are in use.</summary>
    public long MostBytes => (long)sizeof(long) * DriftWindow.Slices * cells;

    public void Add(ReadOnlySpan<long> fresh, DateTimeOffset now)
    {
        var number = now.UtcTicks / Window.SliceTicks;
        var place = (int)(number % DriftWindow.Slices);
        var counts = _counts[place] ??= new long[cells];
        if (_numbers[place] != number) counts.AsSpan().Clear();
        _numbers[place] = number;
        for (var cell = 0; cell < counts.Length; cell++) counts[cell] += fresh[cell];
    }

    /// <returns>When the oldest slice of the window began.</returns>
    public DateTimeOffset Sum(Span<long> sums, DateTimeOffset now)
    {
        var oldest = now.UtcTicks / Window.SliceTicks - DriftWindow.Slices + 1;
        for (var place = 0; place < DriftWindow.Slices; place++)
        {
            if (_counts[place] is not { } counts || _numbers[place] < oldest) continue;
            for (var cell = 0; cell < counts.Length; cell++) sums[cell] += counts[cell];
        }

        return new DateTimeOffset(oldest * Window.SliceTicks, TimeSpan.Zero);
    }

    public void Clear() => _numbers.AsSpan().Clear();
}
