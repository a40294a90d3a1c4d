namespace Peregrine.Serving.Kinds.Caching;

/// <summary>How a request and the cache met; a label of the metrics.</summary>
internal enum CacheResult
{
    /// <summary>The endpoint has no cache, or the request did not come so far.</summary>
    None,

    /// <summary>Answered from the cache.</summary>
    Hit,

    /// <summary>Computed, and kept.</summary>
    Stored,

    /// <summary>Computed, and not kept: it failed, or is too large.</summary>
    Miss,

    /// <summary>Answered with what was being computed for another request.</summary>
    Collapsed,
}
