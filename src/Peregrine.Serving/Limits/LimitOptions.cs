using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Limits;

/// <summary>What a node takes on at a time, and for how long. A value out of range stops the start with a message that names it.</summary>
public sealed class LimitOptions
{
    public const string Section = ServingOptions.Section + ":Limits";

    /// <summary>
    /// Requests that may wait in the node at once, for their body or for a scoring thread: 1 to 1,000,000, default 10,000. One more is answered 503
    /// <c>TooManyConcurrentRequests</c>. A small request whose body came with its headers never waits and is not counted.
    /// </summary>
    [Range(1, 1_000_000)]
    public int ConcurrentRequests { get; set; } = 10_000;

    /// <summary>Length of a body, in bytes, from which it is scored on a scoring thread and not where it arrived: 1 to 1 GiB, default 16 KiB.</summary>
    [Range(1, 1024 * 1024 * 1024)]
    public int BulkBytes { get; set; } = 16 * 1024;

    /// <summary>Bulk requests that are scored at the same time, each on a thread of its own: 0 to 1,024, default 0, which is the number of processors.</summary>
    [Range(0, 1024)]
    public int ScoringThreads { get; set; }

    /// <summary>Bulk requests that may wait for a scoring thread: 0 to 1,000,000, default 64. One more is answered 503 <c>QueueFull</c>.</summary>
    [Range(0, 1_000_000)]
    public int QueueLength { get; set; } = 64;

    /// <summary>
    /// Longest wait for a scoring thread: 1 ms to 10 min, default 1 s. A request that would wait longer by the rate of late is refused when it comes; one
    /// that did wait longer is not begun. Both are answered 503 <c>QueueWaitExceeded</c>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan QueueWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Longest wait while overloaded, that is while the queue has not been empty for <see cref="OverloadedAfter"/>: 0.1 ms to 10 min, default 5 ms. A burst may
    /// use the whole queue, a standing queue would only make everybody late. Four requests for each thread may wait in any case.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.0001", "00:10:00")]
    public TimeSpan OverloadedQueueWait { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a queue must stand before the node counts as overloaded: 1 ms to 10 min, default 100 ms. It does so until nothing was refused for five times as long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan OverloadedAfter { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest deadline that a request may ask for: 1 ms to 1 day, default 10 min. A longer one is answered 400 <c>BadTimeout</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan LongestTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Deadline of a request that asks for none: 0 to 1 day, default 0, which is none.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DefaultTimeout { get; set; }

    /// <summary>Longest path and query of a prediction, in characters as decoded: 64 to 16 Mi, default 1 Mi. A longer one is answered 414 <c>UrlTooLong</c>.</summary>
    [Range(64, 16 * 1024 * 1024)]
    public int MaxUrlLength { get; set; } = 1024 * 1024;

    internal int Threads => ScoringThreads > 0 ? ScoringThreads : Environment.ProcessorCount;
}
