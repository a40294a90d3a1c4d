using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.ApiNode.Drift;

[JsonConverter(typeof(UpperSnakeEnum<DriftVerdict>))]
public enum DriftVerdict
{
    /// <summary>Not enough records to say anything.</summary>
    TooFew,

    Stable,

    Drifted,
}
