using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Peregrine.Web.SignIn;

/// <summary>One-time sign-in links: <c>/signin?ticket=…</c>, valid once and for ten minutes.</summary>
public sealed class SignInTickets(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _open = new(StringComparer.Ordinal);

    public string Issue()
    {
        foreach (var (ticket, ends) in _open)
        {
            if (ends < clock.GetUtcNow()) _open.TryRemove(ticket, out _);
        }
        var next = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        _open[next] = clock.GetUtcNow() + Lifetime;
        return next;
    }

    /// <summary>True the first time only.</summary>
    public bool Redeem(string ticket) => _open.TryRemove(ticket, out var ends) && clock.GetUtcNow() <= ends;
}
