namespace Peregrine.Hosting.Futures;

/// <summary>Remembers that this application has the futures routes, so that each engine can ask for them.</summary>
internal sealed class FuturesMarker
{
    private int _mapped;

    public bool TryMap() => Interlocked.Exchange(ref _mapped, 1) == 0;
}
