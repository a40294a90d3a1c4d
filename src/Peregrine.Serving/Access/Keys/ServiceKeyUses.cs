using System.Collections.Concurrent;
using Peregrine.Hosting.Authentication;

namespace Peregrine.Serving.Access.Keys;

/// <summary>When the keys of one service were last accepted on this node. By hash, since a later package may give a key's id to another key.</summary>
/// <param name="stored">What the service's file holds: keys that were used, with the second since 1970 UTC.</param>
internal sealed class ServiceKeyUses(IReadOnlyList<KeyValuePair<ApiKeyHash, long>> stored)
{
    private readonly ConcurrentDictionary<ApiKeyHash, KeyUse> _uses = new(stored.Select(use => KeyValuePair.Create(use.Key, new KeyUse(use.Value))));

    /// <summary>What the service's file holds; for whoever writes it.</summary>
    public IReadOnlyList<KeyValuePair<ApiKeyHash, long>> Stored { get; set; } = stored;

    /// <summary>The one place where uses of that key are noted.</summary>
    public KeyUse Of(ApiKeyHash key) => _uses.GetOrAdd(key, static _ => new KeyUse(0));

    /// <summary>Null: no use is known.</summary>
    /// <param name="hash">Of the key, as it is stored.</param>
    public DateTimeOffset? LastOf(string hash) =>
        ApiKeyHash.TryParse(hash, out var key) && _uses.TryGetValue(key, out var use) && use.Second is > 0 and var second ? DateTimeOffset.FromUnixTimeSeconds(second) : null;

    /// <summary>The keys that were used, with the second since 1970 UTC, the latest first.</summary>
    public IEnumerable<KeyValuePair<ApiKeyHash, long>> Used() =>
        _uses.Select(use => KeyValuePair.Create(use.Key, use.Value.Second)).Where(use => use.Value > 0).OrderByDescending(use => use.Value);
}
