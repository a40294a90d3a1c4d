using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.Deployer;

[JsonConverter(typeof(UpperSnakeEnum<UpdateStatus>))]
public enum UpdateStatus
{
    Running,
    Done,
    Failed,
    Aborted,
}
