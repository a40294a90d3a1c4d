namespace Peregrine.Client;

public sealed record PackageItem
{
    public required string Id { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long CreatedOn { get; init; }
}
