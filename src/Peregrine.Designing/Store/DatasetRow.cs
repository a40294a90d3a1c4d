namespace Peregrine.Designing.Store;

/// <summary>A dataset: its settings document and what is known of its content.</summary>
public sealed class DatasetRow : IRevisioned
{
    public required string ProjectKey { get; init; }
    public required string Name { get; init; }
    public required string Type { get; set; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required DateTimeOffset ChangedOn { get; set; }
    public required string ChangedBy { get; set; }

    /// <summary>Name of its files in the dataset store: a deleted dataset's name can be used again at once.</summary>
    public required string StorageId { get; init; }
    public required string SettingsJson { get; set; }
    public required string MetadataJson { get; set; }
    public int Revision { get; set; }
}
