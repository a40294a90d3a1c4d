namespace Peregrine.Serving.QueryLog.Sinks;

/// <summary>
/// A place beside the files that gets every line of the query log, columns already treated. It takes lines without waiting, keeps them within a bound
/// of its own, and counts what it had to drop.
/// </summary>
internal interface IQueryLogSink : IAsyncDisposable
{
    SinkCounts Counts { get; }

    /// <summary>Takes a copy of whole lines, or drops and counts them. Returns at once.</summary>
    void Offer(ReadOnlySpan<byte> lines, long count);

    /// <summary>Sends what is waiting; what is left when the token ends is counted as dropped.</summary>
    Task StopAsync(CancellationToken deadline);
}
