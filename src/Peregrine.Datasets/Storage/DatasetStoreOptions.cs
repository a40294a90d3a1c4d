using Peregrine.Datasets.Csv;

namespace Peregrine.Datasets.Storage;

/// <summary>Where datasets lie and how much of them is kept in memory.</summary>
public sealed record DatasetStoreOptions
{
    /// <summary>The folder of all datasets; made when it is not there.</summary>
    public required string Root { get; init; }

    /// <summary>Most bytes of one upload as it arrives, compressed or not: default 2 GiB.</summary>
    public long MaxUploadBytes { get; init; } = 2L << 30;

    /// <summary>Tables kept in memory: 0 to 64, default 4.</summary>
    public int CachedTables { get; init; } = 4;

    /// <summary>Limits of reading.</summary>
    public CsvReadOptions Reading { get; init; } = CsvReadOptions.Default;
}
