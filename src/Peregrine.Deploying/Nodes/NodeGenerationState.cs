using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Deploying.Nodes;

[JsonConverter(typeof(UpperSnakeEnum<NodeGenerationState>))]
public enum NodeGenerationState
{
    /// <summary>On the node's disk, not loaded.</summary>
    Available,

    Loading,

    /// <summary>Loaded and checked: can answer.</summary>
    Ready,

    /// <summary>Did not load, or did not reproduce its golden records.</summary>
    Failed,
}
