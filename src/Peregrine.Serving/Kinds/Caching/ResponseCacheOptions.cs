using System.ComponentModel.DataAnnotations;

namespace Peregrine.Serving.Kinds.Caching;

/// <summary>What the node allows the caches of endpoints, whatever their packages ask for.</summary>
public sealed class ResponseCacheOptions
{
    public const string Section = "Serving:ResponseCache";

    /// <summary>Whether endpoints may keep answers at all. Default: true; an endpoint keeps them when its settings say so.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Bytes that one endpoint of one generation may keep at most: 1 KiB to 64 GiB, default 64 MiB.</summary>
    [Range(1024L, 64L << 30)]
    public long MaxBytesPerEndpoint { get; set; } = 64L << 20;
}
