using Peregrine.Serving.Generations;
using Peregrine.Serving.Kinds.Caching;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Kinds;

/// <summary>A request on its way to the answer; reused, so that a request allocates next to nothing. Belongs to one request between <see cref="Rent"/> and <see cref="Return"/>.</summary>
internal sealed class KindRequest
{
    [ThreadStatic]
    private static KindRequest? t_spare;

    private const int LongestKept = 64 * 1024;

    private PhaseClock _phases;
    private Utf8Output? _key;

    public Caller Caller { get; private set; }

    public KindRecords Records { get; } = new();

    public KindResults Results { get; } = new();

    /// <summary>For the key of the query; empty.</summary>
    public Utf8Output Key => _key ??= new Utf8Output();

    public ref PhaseClock Phases => ref _phases;

    /// <summary>Held until the request is given back.</summary>
    public LoadedGeneration? Generation { get; set; }

    public KindEndpoint? Endpoint { get; set; }

    /// <summary>Null once a computation that others wait for has taken it over.</summary>
    public KindQuery? Query { get; set; }

    /// <summary>The caller's, for all records that have none of their own.</summary>
    public Piece Context { get; set; }

    /// <summary>Whether the caller named the generation.</summary>
    public bool IsForced { get; set; }

    /// <summary>Whether the caller gave a key to stick to.</summary>
    public bool HasKey { get; set; }

    public CacheUse Cache { get; set; }

    public static KindRequest Rent(in Caller caller, Utf8Output output)
    {
        var request = t_spare ?? new KindRequest();
        t_spare = null;
        request.Caller = caller;
        request._phases = new PhaseClock(caller.Started);
        request.Records.Clear();
        request.Results.Reset(output);
        return request;
    }

    public void Return()
    {
        Query?.Return();
        Generation?.Release();
        (Query, Generation, Endpoint, Context, IsForced, HasKey, Cache) = (null, null, null, default, false, false, default);
        if (_key?.Length > LongestKept) _key = null;
        _key?.CutTo(0);
        t_spare = this;
    }
}
