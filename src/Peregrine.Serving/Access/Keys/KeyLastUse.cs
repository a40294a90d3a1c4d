namespace Peregrine.Serving.Access.Keys;

/// <summary>A key's last use as it is kept.</summary>
/// <param name="Key">SHA-256 of the key, 64 lower-case hex digits.</param>
/// <param name="Second">Since 1970 UTC.</param>
internal sealed record KeyLastUse(string Key, long Second);
