namespace Peregrine.Serving.Access.Keys;

/// <summary><c>services/{id}/key-uses.json</c>: when keys of a service were last accepted on this node.</summary>
internal sealed record KeyUseFile
{
    /// <summary>By SHA-256 of the key, 64 lower-case hex digits; a key that was never used is not there.</summary>
    public Dictionary<string, DateTimeOffset> Keys { get => field ?? []; init; }
}
