using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.ApiNode;

/// <summary>Where a generation stands on an API node.</summary>
[JsonConverter(typeof(UpperSnakeEnum<GenerationState>))]
public enum GenerationState
{
    /// <summary>On the node's disk, not loaded.</summary>
    Available,

    /// <summary>Being read, verified, compiled and warmed up.</summary>
    Loading,

    /// <summary>Loaded: it can answer at once.</summary>
    Ready,

    /// <summary>No longer mapped; finishing the requests it has begun.</summary>
    Draining,

    /// <summary>It should be loaded and could not be; the reason is told.</summary>
    Failed,
}
