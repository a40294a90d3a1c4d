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
    private const int Sets = 512; // a power of two
    private const int Ways = 4;   // headers that may share a set

    private readonly KnownHeader?[] _known = authorization.Method == AuthorizationMethod.Public ? [] : new KnownHeader?[Sets * Ways];
    private int _turn;
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
        foreach (ref var place in SetOf(header))
        {
            var known = Volatile.Read(ref place);
            if (known is not null && ReferenceEquals(known.Header, header)) return ReferenceEquals(known.Basis, basis) ? known.Grant : null;
        }

        return null;
    }

    /// <summary>In the header's own place where it has one; else in a free one, or in that of a header whose basis is gone; else in one after the other.</summary>
    public void Remember(string header, object basis, Grant grant)
    {
        var set = SetOf(header);
        var chosen = -1;
        for (var way = 0; way < set.Length; way++)
        {
            var known = Volatile.Read(ref set[way]);
            if (known is not null && ReferenceEquals(known.Header, header))
            {
                chosen = way;
                break;
            }

            if (chosen < 0 && (known is null || !ReferenceEquals(known.Basis, basis))) chosen = way;
        }

        if (chosen < 0) chosen = Interlocked.Increment(ref _turn) & (Ways - 1);
        Volatile.Write(ref set[chosen], new KnownHeader(header, basis, grant));
    }

    /// <summary>The grants of the package's keys and the node's together.</summary>
    public FrozenDictionary<ApiKeyHash, Grant> GrantsOf(string service, ServiceKeySet keys, CallerKeys callers)
    {
        if (Volatile.Read(ref _table) is { } table && ReferenceEquals(table.Keys, keys)) return table.Grants;
        var made = new Table(keys, keys.GrantsWith(Authorization.Keys, service, callers));
        Volatile.Write(ref _table, made);
        return made.Grants;
    }

    /// <summary>The few places of which a header is in one: callers are many, and two whose headers fell on one place would put each other out with every request.</summary>
    private Span<KnownHeader?> SetOf(string header) => _known.AsSpan((RuntimeHelpers.GetHashCode(header) & (Sets - 1)) * Ways, Ways);

    private sealed record KnownHeader(string Header, object Basis, Grant Grant);

    private sealed record Table(ServiceKeySet Keys, FrozenDictionary<ApiKeyHash, Grant> Grants);
}
