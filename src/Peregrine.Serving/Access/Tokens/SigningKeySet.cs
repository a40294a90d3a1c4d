namespace Peregrine.Serving.Access.Tokens;

/// <summary>An issuer's keys as they were fetched last. Immutable.</summary>
/// <param name="Basis">The same object as long as the fetched bytes are the same: what was found good by these keys stays good.</param>
internal sealed record SigningKeySet(IReadOnlyList<SigningKey> Keys, object Basis, byte[] Document, DateTimeOffset FetchedOn)
{
    private const int MostTried = 8;

    public bool Has(string keyId) => Keys.Any(key => key.KeyId == keyId);

    /// <summary>The keys that may have signed a token: those of its key id, or, when it names none, all that fit its algorithm.</summary>
    public IEnumerable<SigningKey> Candidates(string? keyId, string algorithm) =>
        Keys.Where(key => (keyId is null || key.KeyId == keyId) && key.Algorithms.Contains(algorithm)).Take(MostTried);
}
