using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Contracts.ApiNode;

/// <summary>Where a switch in two steps stands.</summary>
[JsonConverter(typeof(UpperSnakeEnum<SwitchState>))]
public enum SwitchState
{
    /// <summary>Everything it needs is loaded and checked; what the node answers with has not changed.</summary>
    Prepared,

    /// <summary>Its mapping was put in force.</summary>
    Committed,

    /// <summary>Given up; it can no longer be committed.</summary>
    Aborted,

    /// <summary>Nobody decided in time; it can no longer be committed.</summary>
    Expired,
}
