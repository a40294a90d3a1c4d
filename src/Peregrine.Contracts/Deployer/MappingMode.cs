using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.Deployer;

[JsonConverter(typeof(UpperSnakeEnum<MappingMode>))]
public enum MappingMode
{
    SingleGeneration,
    MultiGeneration,
}
