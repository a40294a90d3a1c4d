using System.Diagnostics;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>A key of a service, and from when to when it must open. Times are timestamps of <see cref="Stopwatch"/>.</summary>
/// <param name="OpensFrom">When it was acknowledged.</param>
internal sealed record ChaosKey(string Id, string Secret, long OpensFrom)
{
    /// <summary>When its end was asked for; <see cref="long.MaxValue"/>: never.</summary>
    public long OpensUntil { get; init; } = long.MaxValue;

    /// <summary>From when on it must be refused; <see cref="long.MaxValue"/>: from no time that is known.</summary>
    public long ClosedFrom { get; init; } = long.MaxValue;

    public bool IsLive => OpensUntil == long.MaxValue;

    /// <summary>Whether its end was asked for and nobody knows what came of it.</summary>
    public bool IsUncertain => !IsLive && ClosedFrom == long.MaxValue;

    /// <summary>Null: the status was allowed for a request between two times.</summary>
    public string? Fault(int status, long from, long to)
    {
        if (status is not (200 or 401)) return $"{status}";
        if (status == 401 && from >= OpensFrom && to <= OpensUntil) return "refused although the key is live";
        return status == 200 && from >= ClosedFrom ? "accepted although the key has ended" : null;
    }
}
