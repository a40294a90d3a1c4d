namespace Peregrine.Designing.Store;

/// <summary>A project and its documents; each document is JSON text, members we do not know included.</summary>
public sealed class ProjectRow : IRevisioned
{
    public required string Key { get; init; }
    public required string Name { get; set; }
    public string? Description { get; set; }
    public required string Owner { get; set; }
    public required DateTimeOffset CreatedOn { get; init; }
    public required DateTimeOffset ChangedOn { get; set; }
    public required string ChangedBy { get; set; }
    public required string MetadataJson { get; set; }
    public required string SettingsJson { get; set; }
    public required string PermissionsJson { get; set; }
    public required string TagsJson { get; set; }
    public required string VariablesJson { get; set; }
    public int Revision { get; set; }
}
