using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.Deployer;

[JsonConverter(typeof(UpperSnakeEnum<MessageSeverity>))]
public enum MessageSeverity
{
    Success,
    Info,
    Warning,
    Error,
}
