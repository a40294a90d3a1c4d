using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Access.Attempts;

/// <summary>
/// Slows clients that present wrong keys: after some failures an address waits, twice as long each time, and what it presents meanwhile is not looked
/// at. Other addresses notice nothing. The table has a fixed size; when it is full, addresses that wait no longer give way first.
/// </summary>
internal sealed class FailedAttempts(IOptions<AccessOptions> options, TimeProvider clock)
{
    private const int Sets = 1024; // a power of two
    private const int Ways = 4;

    private readonly Entry[] _entries = new Entry[Sets * Ways];
    private readonly Lock _gate = new();
    private readonly int _seed = Random.Shared.Next();
    private int _any;

    /// <summary>False as long as nobody has failed.</summary>
    public bool AnyFailed => Volatile.Read(ref _any) != 0;

    /// <summary>Whether the address has to wait; costs one read as long as nobody has failed.</summary>
    /// <param name="seconds">How long, 1 or more, when it does.</param>
    public bool IsBlocked(in ClientAddress address, out int seconds)
    {
        seconds = 0;
        if (!AnyFailed) return false;
        var now = clock.GetUtcNow().UtcTicks;
        lock (_gate)
        {
            foreach (ref var entry in SetOf(address))
            {
                if (entry.Failures == 0 || entry.Network != address.Network) continue;
                if (entry.BlockedUntil <= now) return false;
                seconds = (int)Math.Ceiling(TimeSpan.FromTicks(entry.BlockedUntil - now).TotalSeconds);
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts one failure.</summary>
    public void Count(in ClientAddress address)
    {
        var allowed = options.Value.FailedAttempts;
        if (allowed == 0) return;
        var now = clock.GetUtcNow().UtcTicks;
        lock (_gate)
        {
            ref var entry = ref PlaceFor(address, now);
            var isFresh = entry.Failures == 0 || entry.Network != address.Network || now - Math.Max(entry.Last, entry.BlockedUntil) > options.Value.FailedAttemptsWindow.Ticks;
            if (isFresh) entry = new Entry { Network = address.Network };
            entry.Failures++;
            entry.Last = now;
            if (entry.Failures > allowed) entry.BlockedUntil = now + Wait(entry.Failures - allowed).Ticks;
        }

        Volatile.Write(ref _any, 1);
    }

    /// <summary>1 s, 2 s, 4 s, … up to the longest.</summary>
    private TimeSpan Wait(int beyond)
    {
        var longest = options.Value.FailedAttemptsMaxWait;
        var wait = TimeSpan.FromSeconds(1L << Math.Min(beyond - 1, 20));
        return wait < longest ? wait : longest;
    }

    /// <summary>Its own entry, or the one that can be spared most: free, or not waiting, or waiting the shortest.</summary>
    private ref Entry PlaceFor(in ClientAddress address, long now)
    {
        var set = SetOf(address);
        var spare = 0;
        for (var i = 0; i < Ways; i++)
        {
            if (set[i].Failures > 0 && set[i].Network == address.Network) return ref set[i];
            if (Worth(set[i], now) < Worth(set[spare], now)) spare = i;
        }

        return ref set[spare];
    }

    private static long Worth(in Entry entry, long now) => entry.Failures == 0 ? 0 : entry.BlockedUntil > now ? entry.BlockedUntil : entry.Last / 2;

    private Span<Entry> SetOf(in ClientAddress address) => _entries.AsSpan((HashCode.Combine(address.Network, _seed) & (Sets - 1)) * Ways, Ways);

    private struct Entry
    {
        public UInt128 Network;
        public int Failures;
        public long Last;
        public long BlockedUntil;
    }
}
