using System.Text.Json.Serialization;
using Peregrine.Contracts.Deployer;

namespace Peregrine.Deploying.Nodes;

/// <summary>The mapping as a node reads and tells it.</summary>
public sealed record NodeMapping
{
    public IReadOnlyList<GenerationShare> Entries { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MappingStrategy? Strategy { get; init; }
}
