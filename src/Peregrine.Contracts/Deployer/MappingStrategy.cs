using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.Deployer;

/// <summary>How a request finds its generation among several.</summary>
[JsonConverter(typeof(UpperSnakeEnum<MappingStrategy>))]
public enum MappingStrategy
{
    /// <summary>Drawn for each request.</summary>
    Random,

    /// <summary>The same dispatch key always goes to the same generation.</summary>
    Hash,
}
