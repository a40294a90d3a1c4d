using Microsoft.Extensions.Options;

namespace Peregrine.Serving.QueryLog;

/// <summary>Lines on their way from answers to the log files. Never waits: a line that finds no room is dropped and counted.</summary>
internal sealed class QueryLogQueue
{
    private readonly ByteRing? _ring;
    private long _written;
    private long _droppedFull;
    private long _droppedTooLong;
    private long _droppedDisk;
    private long _droppedFilter;

    public QueryLogQueue(IOptions<ServingOptions> options)
    {
        if (options.Value.QueryLogEnabled) _ring = new ByteRing(options.Value.QueryLogBufferBytes);
    }

    public bool Enabled => _ring is not null;

    public int MaxLine => _ring?.MaxPayload ?? 0;

    /// <summary>Bytes waiting.</summary>
    public long WaitingBytes => _ring?.Used ?? 0;

    /// <summary>Where the lines claimed so far end; comparable with <see cref="Drained"/>.</summary>
    public long Claimed => _ring?.Tail ?? 0;

    /// <summary>Up to where lines have been taken out.</summary>
    public long Drained => _ring?.Head ?? 0;

    public long WrittenLines => Volatile.Read(ref _written);

    public long DroppedFull => Volatile.Read(ref _droppedFull);

    public long DroppedTooLong => Volatile.Read(ref _droppedTooLong);

    public long DroppedDisk => Volatile.Read(ref _droppedDisk);

    /// <summary>Lines whose columns could not be treated as asked.</summary>
    public long DroppedFilter => Volatile.Read(ref _droppedFilter);

    /// <summary>Begins the id of every line of this run of the node.</summary>
    public byte[] Run { get; } = System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")[..12] + "-");

    /// <summary>Room for one line; false when the log is off or the line is dropped. A claim must be committed whatever happens.</summary>
    public bool TryClaim(int maxLength, out ByteRing.Claim claim)
    {
        claim = default;
        if (_ring is null) return false;
        if (_ring.TryClaim(maxLength, out claim)) return true;
        Interlocked.Increment(ref maxLength > _ring.MaxPayload ? ref _droppedTooLong : ref _droppedFull);
        return false;
    }

    /// <summary>Takes waiting lines in order; the writer's side.</summary>
    /// <param name="enough">Bytes with which it stops, or soon after.</param>
    public int Drain(Span<byte> destination, long enough, out long lines)
    {
        lines = 0;
        return _ring?.Drain(destination, enough, ref lines) ?? 0;
    }

    public void CountWritten(long lines) => Interlocked.Add(ref _written, lines);

    public void CountDroppedByDisk(long lines) => Interlocked.Add(ref _droppedDisk, lines);

    public void CountDroppedByFilter(long lines) => Interlocked.Add(ref _droppedFilter, lines);
}
