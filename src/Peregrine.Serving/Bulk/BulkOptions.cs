using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Bulk;

/// <summary>Streams of records through <c>predict-multi</c>: CSV and JSON lines.</summary>
public sealed class BulkOptions
{
    public const string Section = "Serving:Bulk";

    /// <summary>Most records of one stream: 1 to 10,000,000,000, default 100,000,000. The stream stops there with an error.</summary>
    [Range(1L, 10_000_000_000L)]
    public long MaxRows { get; set; } = 100_000_000;

    /// <summary>Most bytes of one stream's body: 1 KiB to 1 TiB, default 64 GiB.</summary>
    [Range(1024L, 1L << 40)]
    public long MaxBodyBytes { get; set; } = 64L << 30;

    /// <summary>Longest record (a CSV record or a JSON line), in bytes: 256 to 64 MiB, default 1 MiB. A stream holds at most twice that in memory.</summary>
    [Range(256, 64 * 1024 * 1024)]
    public int MaxRecordBytes { get; set; } = 1024 * 1024;
}
