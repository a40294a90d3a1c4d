namespace Peregrine.Designing.Store;

/// <summary>An API service in the making: its settings document, keys as hashes only.</summary>
public sealed class ApiServiceRow : IRevisioned
{
    public required string ProjectKey { get; init; }
    public required string Id { get; init; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required DateTimeOffset ChangedOn { get; set; }
    public required string ChangedBy { get; set; }
    public required string SettingsJson { get; set; }
    public int Revision { get; set; }
}
