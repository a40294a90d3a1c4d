using System.Collections.Concurrent;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Access;

/// <summary>The one <see cref="CallerKey"/> of each caller, whatever snapshot or generation asks for it.</summary>
internal sealed class CallerKeys
{
    /// <summary>Callers that are kept. Keys are few; the clients of an issuer of tokens need not be.</summary>
    private const int Most = 100_000;

    /// <summary>Stands for the service in the callers by admin key.</summary>
    private const string NoService = "";

    private readonly ConcurrentDictionary<(string Service, string Id), CallerKey> _callers = new();

    /// <param name="id">Id of a key of the service, or what its tokens call their client.</param>
    public CallerKey Of(string service, string id)
    {
        if (_callers.TryGetValue((service, id), out var known)) return known;
        // Beyond the bound callers work all the same; only what hangs on them is not kept.
        return _callers.Count >= Most ? new CallerKey(id) : _callers.GetOrAdd((service, id), static key => new CallerKey(key.Id));
    }

    public CallerKey OfAdmin(string id) => Of(NoService, id);
}
