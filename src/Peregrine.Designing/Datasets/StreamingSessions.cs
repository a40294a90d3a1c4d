using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Designing.Datasets;

/// <summary>
/// Remembers how the streams of rows ended. A client does not notice a cut connection: it asks afterwards, under an id of its own.
/// Sessions are forgotten after an hour, since a client that stops early never asks.
/// </summary>
internal sealed class StreamingSessions(TimeProvider time)
{
    private const int MaxSessions = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    public void Begin(string id)
    {
        ForgetOld();
        _sessions[id] = new Session(time.GetUtcNow(), "The rows were not sent to their end.");
    }

    public void Complete(string id) => _sessions[id] = new Session(time.GetUtcNow(), null);

    public void Fail(string id, string reason) => _sessions[id] = new Session(time.GetUtcNow(), reason);

    /// <summary>False when no such session is remembered.</summary>
    /// <param name="failure">Null when all rows were sent.</param>
    public bool TryGet(string id, out string? failure)
    {
        var found = _sessions.TryGetValue(id, out var session);
        failure = session?.Failure;
        return found;
    }

    private void ForgetOld()
    {
        var oldest = time.GetUtcNow() - Lifetime;
        var excess = _sessions.Count - MaxSessions;
        foreach (var (id, session) in _sessions.OrderBy(entry => entry.Value.Since))
            if (session.Since < oldest || excess-- > 0) _sessions.TryRemove(id, out _);
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made above.")]
    private sealed record Session(DateTimeOffset Since, string? Failure);
}
