using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;
using Peregrine.Packages.Manifests;

namespace Peregrine.Serving.Snapshots;

/// <summary>Who may query a service. Immutable; made with its snapshot, so a revoked key stops with the next one.</summary>
/// <remarks>
/// A header that was found good is remembered by the identity of its string, not by its content: Kestrel hands the same string
/// again for each request of a connection, which saves hashing it, and comparing references tells nothing about a key.
/// </remarks>
internal sealed class ServiceAuthorizer
{
    private const int Remembered = 256; // a power of two

    private readonly FrozenDictionary<ApiKeyHash, CallerKey>? _keys;
    private readonly KnownHeader?[] _known = new KnownHeader?[Remembered];

    public ServiceAuthorizer(ServiceAuthorization authorization)
    {
        if (authorization.Method == AuthorizationMethod.Public) return;
        _keys = authorization.Keys
            .Where(key => ApiKeyHash.TryParse(key.Hash, out _))
            .DistinctBy(key => key.Hash, StringComparer.Ordinal)
            .ToFrozenDictionary(key => ApiKeyHash.TryParse(key.Hash, out var hash) ? hash : default, key => new CallerKey(key.Id));
    }

    /// <summary>The key that opens the service for this request, or null.</summary>
    public CallerKey? Authorize(HttpRequest request)
    {
        if (_keys is null) return CallerKey.Anyone;
        var header = request.Headers.Authorization is [{ } only] ? only : null;
        if (header is null) return Find(request);
        ref var place = ref _known[System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(header) & (Remembered - 1)];
        var known = Volatile.Read(ref place);
        if (known is not null && ReferenceEquals(known.Header, header)) return known.Key;
        if (Find(request) is not { } key) return null;
        Volatile.Write(ref place, new KnownHeader(header, key));
        return key;
    }

    private CallerKey? Find(HttpRequest request) =>
        PresentedApiKey.TryHash(request, out var hash) && _keys!.TryGetValue(hash, out var key) ? key : null;

    private sealed record KnownHeader(string Header, CallerKey Key);
}
