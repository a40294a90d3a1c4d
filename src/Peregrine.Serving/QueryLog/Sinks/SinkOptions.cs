namespace Peregrine.Serving.QueryLog.Sinks;

/// <summary>A place beside the files that gets every line of the query log.</summary>
public sealed class SinkOptions
{
    /// <summary>Its name in metrics and messages. Default: <c>events</c>.</summary>
    public string Name { get; set; } = "events";

    /// <summary>Where lines are sent with POST; for Kafka the whole address of the produce call. Required, http or https.</summary>
    public string Url { get; set; } = "";

    /// <summary>Default: JSON lines.</summary>
    public SinkFormat Format { get; set; }

    /// <summary>Headers of each call, such as <c>Authorization</c>. Their values are never logged.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary><c>source</c> of CloudEvents. Default: <c>/peregrine/{machine}</c>.</summary>
    public string? Source { get; set; }

    /// <summary>Most lines in one call: 1 to 100,000, default 500.</summary>
    public int BatchLines { get; set; } = 500;

    /// <summary>Memory for lines that wait for this sink, in bytes: 64 KiB to 16 GiB, default 32 MiB. When it is full, new lines are dropped for this sink and counted.</summary>
    public long QueueBytes { get; set; } = 32L * 1024 * 1024;

    /// <summary>Longest time of one call: 100 ms to 10 min, default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a batch is tried before it is dropped and counted: 1 to 1,000, default 10.</summary>
    public int Attempts { get; set; } = 10;

    /// <summary>Wait after the first failed try, doubled after each further one: 1 ms to 1 min, default 200 ms. A random half of it is left out, so that nodes do not come together.</summary>
    public TimeSpan FirstBackOff { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest such wait: 1 ms to 1 h, default 30 s.</summary>
    public TimeSpan LongestBackOff { get; set; } = TimeSpan.FromSeconds(30);

    internal string? Fault() =>
        string.IsNullOrWhiteSpace(Name) ? "has no name"
        : !Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") ? $"has Url '{Url}'; give a whole http or https address"
        : BatchLines is < 1 or > 100_000 ? $"has BatchLines {BatchLines}; give 1 to 100,000"
        : QueueBytes is < 64 * 1024 or > 16L * 1024 * 1024 * 1024 ? $"has QueueBytes {QueueBytes}; give 65,536 to 17,179,869,184"
        : Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(10) ? $"has Timeout {Timeout}; give 100 ms to 10 min"
        : Attempts is < 1 or > 1_000 ? $"has Attempts {Attempts}; give 1 to 1,000"
        : FirstBackOff < TimeSpan.FromMilliseconds(1) || FirstBackOff > TimeSpan.FromMinutes(1) ? $"has FirstBackOff {FirstBackOff}; give 1 ms to 1 min"
        : LongestBackOff < FirstBackOff || LongestBackOff > TimeSpan.FromHours(1) ? $"has LongestBackOff {LongestBackOff}; give FirstBackOff to 1 h"
        : !Enum.IsDefined(Format) ? $"has Format {Format}, which is none"
        : null;
}
