namespace Peregrine.Serving.Shadows;

/// <summary>
/// What became of the records that were to be copied, of all services since the start. A record counts once for each shadow that was to get it, and what was offered is the
/// sum of the others once nothing waits.
/// </summary>
internal sealed class ShadowTotals
{
    private long _offered;
    private long _compared;
    private long _failed;
    private long _own;
    private long _full;
    private long _released;

    public long Offered => Volatile.Read(ref _offered);

    /// <summary>Scored by their shadow and compared.</summary>
    public long Compared => Volatile.Read(ref _compared);

    /// <summary>Not taken by their shadow.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Answered by the very generation that is the shadow, so that there is nothing to compare.</summary>
    public long Own => Volatile.Read(ref _own);

    /// <summary>Dropped since there was no room.</summary>
    public long Full => Volatile.Read(ref _full);

    /// <summary>Dropped since the shadow was let go, the caller left or the node stopped.</summary>
    public long Released => Volatile.Read(ref _released);

    public void Offer(long records) => Interlocked.Add(ref _offered, records);

    public void Compare() => Interlocked.Increment(ref _compared);

    public void Fail(long records) => Interlocked.Add(ref _failed, records);

    public void PassOwn(long records) => Interlocked.Add(ref _own, records);

    public void DropFull(long records) => Interlocked.Add(ref _full, records);

    public void Release(long records) => Interlocked.Add(ref _released, records);
}
