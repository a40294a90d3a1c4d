using System.Collections.Frozen;
using Peregrine.Serving.Access.Keys;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Access;

/// <summary>What a credential opens, and until when. Immutable.</summary>
/// <param name="use">Where uses of the key are noted; null: the credential is no key.</param>
internal sealed class Grant(CallerKey caller, DateTimeOffset? expiry, IReadOnlyList<string>? endpoints, KeyUse? use = null)
{
    private readonly long _end = expiry?.UtcTicks ?? long.MaxValue;
    private readonly FrozenSet<string>? _endpoints = endpoints?.ToFrozenSet(StringComparer.Ordinal);

    public CallerKey Caller { get; } = caller;

    public KeyUse? Use { get; } = use;

    /// <summary>Asks for the time only when there is an end to it.</summary>
    public bool IsOver(TimeProvider clock) => _end != long.MaxValue && clock.GetUtcNow().UtcTicks >= _end;

    /// <param name="endpoint">Null asks for what is not of one endpoint, such as the service's OpenAPI document.</param>
    public bool Opens(string? endpoint) => endpoint is null || _endpoints is null || _endpoints.Contains(endpoint);
}
