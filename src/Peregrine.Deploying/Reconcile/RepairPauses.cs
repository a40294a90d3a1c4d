using System.Collections.Concurrent;

namespace Peregrine.Deploying.Reconcile;

/// <summary>Keeps the Deployer from sending a package again and again to a node that refuses it: each failure doubles the pause.</summary>
internal sealed class RepairPauses(TimeProvider time, TimeSpan first, TimeSpan longest)
{
    private readonly ConcurrentDictionary<string, Pause> _pauses = new(StringComparer.Ordinal);

    public bool MayTry(string key) => !_pauses.TryGetValue(key, out var pause) || time.GetUtcNow() >= pause.Until;

    public void Failed(string key) => _pauses.AddOrUpdate(
        key,
        _ => new Pause(first, time.GetUtcNow() + first),
        (_, last) =>
        {
            var length = last.Length * 2 < longest ? last.Length * 2 : longest;
            return new Pause(length, time.GetUtcNow() + length);
        });

    public void Forget(string key) => _pauses.TryRemove(key, out _);

    private sealed record Pause(TimeSpan Length, DateTimeOffset Until);
}
