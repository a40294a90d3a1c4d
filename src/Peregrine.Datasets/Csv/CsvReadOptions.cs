namespace Peregrine.Datasets.Csv;

/// <summary>Limits and choices of one read.</summary>
public sealed record CsvReadOptions
{
    public static CsvReadOptions Default { get; } = new();

    /// <summary>The separators to use; null finds them from the first rows.</summary>
    public CsvFormat? Format { get; init; }

    /// <summary>Most bytes after decompression: default 4 GiB. A small gzip file can unpack to anything.</summary>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>Most rows: default 50 million.</summary>
    public int MaxRows { get; init; } = 50_000_000;

    /// <summary>Most columns: default 10,000.</summary>
    public int MaxColumns { get; init; } = 10_000;

    /// <summary>Most bytes of one row: default 16 MiB. Also what stops a quote that is never closed.</summary>
    public int MaxRowBytes { get; init; } = 16 << 20;
}
