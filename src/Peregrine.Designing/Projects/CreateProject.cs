using System.Text.Json.Nodes;

namespace Peregrine.Designing.Projects;

/// <summary>What is asked for a new project; what is left out gets its default.</summary>
public sealed record CreateProject
{
    /// <summary>Letters, digits and _; part of every id below the project.</summary>
    public required string ProjectKey { get; init; }
    public string? Name { get; init; }
    public string? Owner { get; init; }
    public string? Description { get; init; }
    public JsonObject? Settings { get; init; }
    public JsonArray? Permissions { get; init; }
    public JsonArray? Tags { get; init; }
}
