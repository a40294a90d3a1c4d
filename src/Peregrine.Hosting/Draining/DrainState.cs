using Peregrine.Hosting.Health;

namespace Peregrine.Hosting.Draining;

/// <summary>Whether the node is on its way down. It is the first condition of readiness to fail.</summary>
public sealed class DrainState(TimeProvider time) : IReadinessCondition
{
    private static readonly TimeSpan WatchedFor = TimeSpan.FromMinutes(1);

    private int _draining;
    private long _lastProbe = long.MinValue;

    public string Name => "not-draining";

    public bool IsDraining => Volatile.Read(ref _draining) != 0;

    /// <summary>True when somebody asked for readiness within the last minute, and so would notice that it fails.</summary>
    public bool IsWatched =>
        Volatile.Read(ref _lastProbe) is var last and not long.MinValue && time.GetElapsedTime(last) <= WatchedFor;

    public void Begin() => Volatile.Write(ref _draining, 1);

    public Readiness Check() => IsDraining ? Readiness.NotReady("shutting down") : Readiness.Ready;

    /// <summary>Somebody asked for readiness.</summary>
    public void NoteProbe() => Volatile.Write(ref _lastProbe, time.GetTimestamp());
}
