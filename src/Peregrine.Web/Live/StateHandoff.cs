using System.Collections.Concurrent;

namespace Peregrine.Web.Live;

/// <summary>
/// Carries what a page read for its first HTML answer over to its live circuit, so that the page neither reads twice nor falls
/// back to a skeleton in between. Values are taken once and forgotten after half a minute.
/// </summary>
public sealed class StateHandoff(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (object Value, DateTimeOffset PutOn)> _held = new(StringComparer.Ordinal);

    /// <summary>Keeps <paramref name="value"/> and returns the ticket that takes it back.</summary>
    public string Put(object value)
    {
        Forget();
        var ticket = Guid.NewGuid().ToString("N");
        _held[ticket] = (value, clock.GetUtcNow());
        return ticket;
    }

    public object? Take(string ticket) =>
        _held.TryRemove(ticket, out var held) && clock.GetUtcNow() - held.PutOn < Lifetime ? held.Value : null;

    private void Forget()
    {
        var oldest = clock.GetUtcNow() - Lifetime;
        foreach (var (ticket, held) in _held)
        {
            if (held.PutOn < oldest) _held.TryRemove(ticket, out _);
        }
    }
}
