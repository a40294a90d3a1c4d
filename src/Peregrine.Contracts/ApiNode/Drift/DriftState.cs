using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.ApiNode.Drift;

[JsonConverter(typeof(UpperSnakeEnum<DriftState>))]
public enum DriftState
{
    /// <summary>Records are counted and compared.</summary>
    Compared,

    /// <summary>The package carries no training reference: its model is of an older version. Train it again to have one.</summary>
    NoReference,

    /// <summary>Switched off in the node's options.</summary>
    Off,
}
