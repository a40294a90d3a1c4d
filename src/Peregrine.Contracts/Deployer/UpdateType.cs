using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.Deployer;

[JsonConverter(typeof(UpperSnakeEnum<UpdateType>))]
public enum UpdateType
{
    /// <summary>Asked for by someone.</summary>
    Update,

    /// <summary>Back to the generations of an earlier update.</summary>
    Rollback,

    /// <summary>The Deployer brought differing nodes back by itself.</summary>
    Repair,
}
