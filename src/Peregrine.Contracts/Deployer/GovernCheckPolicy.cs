using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.Deployer;

/// <summary>What happens when a version that nobody approved is deployed.</summary>
[JsonConverter(typeof(UpperSnakeEnum<GovernCheckPolicy>))]
public enum GovernCheckPolicy
{
    NoCheck,
    Warn,
    Prevent,
}
