namespace Peregrine.Hosting.Authentication;

/// <summary>The stored document of an <see cref="AdminKeyStore"/>.</summary>
internal sealed record AdminKeyFile
{
    public const int CurrentFormat = 1;

    public required int FormatVersion { get; init; }
    public required IReadOnlyList<AdminKey> Keys { get; init; }
}
