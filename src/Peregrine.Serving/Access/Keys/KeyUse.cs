namespace Peregrine.Serving.Access.Keys;

/// <summary>When a key was last accepted.</summary>
/// <param name="second">Seconds since 1970 UTC; 0: no use is known.</param>
internal sealed class KeyUse(long second)
{
    private long _second = second;

    /// <summary>Seconds since 1970 UTC; 0: no use is known.</summary>
    public long Second => Volatile.Read(ref _second);

    /// <summary>On the hot path: one comparison, and one write in each second in which the key is used.</summary>
    /// <remarks>Of two requests at the turn of a second the earlier may write last; that is as exact as this is.</remarks>
    public void Note(long now)
    {
        if (Volatile.Read(ref _second) != now) Volatile.Write(ref _second, now);
    }
}
