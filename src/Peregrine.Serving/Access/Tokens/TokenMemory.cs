using Peregrine.Hosting.Authentication;

namespace Peregrine.Serving.Access.Tokens;

/// <summary>Tokens that were found good, by hash: as many as there are places, the newer taking the older's. Reads take no lock.</summary>
internal sealed class TokenMemory
{
    private const int Places = 1024; // a power of two

    private readonly Known?[] _known = new Known?[Places];

    /// <param name="basis">What it must have been found good by.</param>
    public Grant? Find(ApiKeyHash hash, object basis)
    {
        var known = Volatile.Read(ref Place(hash));
        return known is not null && known.Hash == hash && ReferenceEquals(known.Basis, basis) ? known.Grant : null;
    }

    public void Remember(ApiKeyHash hash, object basis, Grant grant) => Volatile.Write(ref Place(hash), new Known(hash, basis, grant));

    private ref Known? Place(ApiKeyHash hash) => ref _known[hash.GetHashCode() & (Places - 1)];

    private sealed record Known(ApiKeyHash Hash, object Basis, Grant Grant);
}
