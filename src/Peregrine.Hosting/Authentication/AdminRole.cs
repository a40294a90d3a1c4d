using System.Text.Json.Serialization;

namespace Peregrine.Hosting.Authentication;

/// <summary>What an admin key may do. Each role may do what those below it may; keys from before there were roles are of the first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AdminRole>))]
public enum AdminRole
{
    /// <summary>Everything: services, packages, admin keys.</summary>
    [JsonStringEnumMemberName("deployer")]
    Deployer,

    /// <summary>Which generation answers, keys of services, the audit log, test queries.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>Look, and change nothing.</summary>
    [JsonStringEnumMemberName("reader")]
    Reader,
}
