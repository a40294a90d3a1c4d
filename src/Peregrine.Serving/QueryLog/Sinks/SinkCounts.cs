namespace Peregrine.Serving.QueryLog.Sinks;

/// <summary>What became of the lines of one sink.</summary>
internal sealed class SinkCounts(string name)
{
    private static readonly string[] s_reasons = ["queue_full", "unreachable", "refused", "stopped"];

    private readonly long[] _dropped = new long[s_reasons.Length];
    private long _sent;
    private long _retries;
    private long _waitingBytes;

    public string Name { get; } = name;

    public long Sent => Volatile.Read(ref _sent);

    public long Retries => Volatile.Read(ref _retries);

    public long WaitingBytes => Volatile.Read(ref _waitingBytes);

    public long Dropped(SinkDrop reason) => Volatile.Read(ref _dropped[(int)reason]);

    public static string NameOf(SinkDrop reason) => s_reasons[(int)reason];

    public void AddSent(long lines) => Interlocked.Add(ref _sent, lines);

    public void AddDropped(SinkDrop reason, long lines) => Interlocked.Add(ref _dropped[(int)reason], lines);

    public void AddRetry() => Interlocked.Increment(ref _retries);

    /// <returns>Bytes that wait now.</returns>
    public long AddWaiting(long bytes) => Interlocked.Add(ref _waitingBytes, bytes);
}
