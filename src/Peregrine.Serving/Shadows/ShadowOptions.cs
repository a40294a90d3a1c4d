using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Shadows;

/// <summary>Copies of requests for shadow generations. A value out of range stops the start with a message that names it.</summary>
public sealed class ShadowOptions
{
    public const string Section = "Serving:Shadows";

    /// <summary>Share of one processor core that scoring copies may take, all shadows of the node together: 0.01 to 1, default 0.25.</summary>
    [Range(0.01, 1.0)]
    public double CpuShare { get; set; } = 0.25;

    /// <summary>
    /// Copies that may wait: 1 to 1,000,000, default 1,024. When so many wait, further ones are dropped and counted. Streams leave half of them to single requests.
    /// </summary>
    [Range(1, 1_000_000)]
    public int QueueLength { get; set; } = 1_024;

    /// <summary>Bytes of waiting copies, request and answer together: 64 KiB to 4 GiB, default 16 MiB. What does not fit is dropped and counted; streams leave half of them.</summary>
    [Range(64L * 1024, 4L * 1024 * 1024 * 1024)]
    public long QueueBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>How long a first copy waits before it is scored, so that the answer has gone: 0 to 1 s, default 2 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Pairs of answers of classes that are counted apart for one comparison, as in "from 0 to 1": 1 to 10,000, default 100. Further pairs count together.</summary>
    [Range(1, 10_000)]
    public int MostFlipPairs { get; set; } = 100;
}
