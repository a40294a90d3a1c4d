using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Peregrine.Hosting.Authentication;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Access;
using Peregrine.Serving.Access.Keys;
using Peregrine.Serving.Access.Tokens;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Snapshots;

/// <summary>What a service's package says about who may ask, with the headers that were found good. Made with its snapshot; <see cref="AccessControl"/> decides by it.</summary>
/// <remarks>
/// A header is remembered by the identity of its string, not by its content: Kestrel hands the same string again for each request of a
/// connection, which saves hashing it, and comparing references tells nothing about a key. It counts as long as the key set that it was
/// found good by is the current one, so a revoked key stops with the next request.
/// </remarks>
internal sealed class ServiceAuthorizer(ServiceAuthorization authorization)
{
    private const int Remembered = 256; // a power of two

    private readonly KnownHeader?[] _known = authorization.Method == AuthorizationMethod.Public ? [] : new KnownHeader?[Remembered];
    private ServiceFileSlot<ServiceKeyFile, ServiceKeySet>? _slot;
    private TokenRules? _tokens;
    private Table? _table;

    public bool IsOpenToAll { get; } = authorization.Method == AuthorizationMethod.Public;

    public bool TakesTokens { get; } = authorization.Method == AuthorizationMethod.OAuth2;

    /// <summary>How tokens are checked; null until the first one came.</summary>
    public TokenRules? Tokens => Volatile.Read(ref _tokens);

    public ServiceAuthorization Authorization { get; } = authorization;

    /// <summary>Where the keys of this node stand that belong to the service; looked up once.</summary>
    public ServiceFileSlot<ServiceKeyFile, ServiceKeySet> Slot(string service, ServiceKeyStore store) => _slot ??= store.SlotOf(service);

    /// <summary>Takes the rules unless others came first.</summary>
    public TokenRules Bind(TokenRules rules) => Interlocked.CompareExchange(ref _tokens, rules, null) ?? rules;

    /// <summary>What the header opens if it was found good by that very key set; null: look at its content.</summary>
    /// <param name="basis">What it was found good by: a newer one means that it must be looked at again.</param>
    public Grant? Recall(string header, object basis)
    {
        var known = Volatile.Read(ref Place(header));
        return known is not null && ReferenceEquals(known.Header, header) && ReferenceEquals(known.Basis, basis) ? known.Grant : null;
    }

    public void Remember(string header, object basis, Grant grant) => Volatile.Write(ref Place(header), new KnownHeader(header, basis, grant));

    /// <summary>The grants of the package's keys and the node's together.</summary>
    public FrozenDictionary<ApiKeyHash, Grant> GrantsOf(string service, ServiceKeySet keys, CallerKeys callers)
    {
        if (Volatile.Read(ref _table) is { } table && ReferenceEquals(table.Keys, keys)) return table.Grants;
        var made = new Table(keys, keys.GrantsWith(Authorization.Keys, service, callers));
        Volatile.Write(ref _table, made);
        return made.Grants;
    }

    private ref KnownHeader? Place(string header) => ref _known[RuntimeHelpers.GetHashCode(header) & (Remembered - 1)];

    private sealed record KnownHeader(string Header, object Basis, Grant Grant);

    private sealed record Table(ServiceKeySet Keys, FrozenDictionary<ApiKeyHash, Grant> Grants);
}
