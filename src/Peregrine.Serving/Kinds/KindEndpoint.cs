using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Kinds.Caching;

namespace Peregrine.Serving.Kinds;

/// <summary>An endpoint of one generation that is no prediction. Thread-safe.</summary>
internal abstract class KindEndpoint(IServedKind kind, IPackagedEndpoint packaged, KindPlace place, string logType, string logInput)
    : ServedEndpoint(place.Service, place.Generation, packaged, place.Meter, logType, logInput)
{
    public IServedKind Kind { get; } = kind;

    /// <summary>How answers may be kept; null: not at all.</summary>
    public virtual CacheSettings? CacheSettings => null;

    /// <summary>Columns that the query log does not keep as they are.</summary>
    public virtual IReadOnlyList<LogColumnRule> LogColumns => [];

    /// <summary>Whether an answer may wait for something outside the processor. One that does not ends before its call returns.</summary>
    public virtual bool Waits => false;

    /// <summary>The body of the first of the kind's calls, to warm up with.</summary>
    public abstract byte[] Sample { get; }

    /// <summary>The answers that are kept; null: none are.</summary>
    public ResponseCache? Cache { get; internal set; }

    /// <summary>A query without records, to be given back by <see cref="KindQuery.Return"/>.</summary>
    public abstract KindQuery Begin(KindCall call);
}
