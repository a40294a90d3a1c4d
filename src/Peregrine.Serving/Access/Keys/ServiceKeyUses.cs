using System.Collections.Concurrent;
using Peregrine.Hosting.Authentication;

namespace Peregrine.Serving.Access.Keys;

/// <summary>When the keys of one service were last accepted on this node. By hash, since a later package may give a key's id to another key.</summary>
internal sealed class ServiceKeyUses
{
    // By text: a node's start need not have code made for another type of key.
    private readonly ConcurrentDictionary<string, KeyUse> _uses = new(StringComparer.Ordinal);

    /// <param name="stored">What the service's file holds: keys that were used.</param>
    public ServiceKeyUses(IReadOnlyList<KeyLastUse> stored)
    {
        foreach (var use in stored) _uses[use.Key] = new KeyUse(use.Second);
        Stored = stored;
    }

    /// <summary>What the service's file holds; for whoever writes it.</summary>
    public IReadOnlyList<KeyLastUse> Stored { get; set; }

    /// <summary>The one place where uses of that key are noted.</summary>
    public KeyUse Of(ApiKeyHash key) => _uses.GetOrAdd(key.ToString(), static _ => new KeyUse(0));

    /// <summary>Null: no use is known.</summary>
    /// <param name="hash">Of the key, as it is stored.</param>
    public DateTimeOffset? LastOf(string hash) =>
        ApiKeyHash.TryParse(hash, out var key) && _uses.TryGetValue(key.ToString(), out var use) && use.Second is > 0 and var second ? DateTimeOffset.FromUnixTimeSeconds(second) : null;

    /// <summary>The keys that were used, the latest first.</summary>
    public IEnumerable<KeyLastUse> Used() => _uses.Select(use => new KeyLastUse(use.Key, use.Value.Second)).Where(use => use.Second > 0).OrderByDescending(use => use.Second);
}
