using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Contracts.ApiNode;

/// <summary>One rate limit or quota of a service: as it stands in a deployment's settings, and as <c>PUT /admin/api/services/{s}/limits</c> takes it.</summary>
public sealed record RateLimitRule
{
    /// <summary>Names it in answers, errors and lists; one of a kind in its service.</summary>
    public string? Id { get; init; }

    /// <summary>How many units in one window or period: 1 to 10^12.</summary>
    public long? Limit { get; init; }

    /// <summary><c>requests</c>, also when absent, or <c>rows</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Unit { get; init; }

    /// <summary>Length of the sliding window of a rate limit, in seconds: 1 to 86,400. Absent for a quota.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? WindowSeconds { get; init; }

    /// <summary>What a quota is for, in UTC: <c>hour</c>, <c>day</c> or <c>month</c>. Absent for a rate limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Period { get; init; }

    /// <summary>Who counts together: <c>key</c>, also when absent, or <c>service</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Per { get; init; }

    /// <summary>The endpoint that it concerns; absent: all, counted together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Endpoint { get; init; }

    /// <summary>Id of the key that it concerns; absent: all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>Members that no rule has, such as a misspelt one: kept so that they can be refused by name.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    [JsonIgnore]
    public bool IsQuota => Period is not null;

    /// <summary>The rule with every default written out and in the case of the wire, so that equal rules are equal values.</summary>
    public RateLimitRule Normalized() => new()
    {
        Id = Id, Limit = Limit, Unit = Lower(Unit) ?? "requests", WindowSeconds = WindowSeconds, Period = Lower(Period), Per = Lower(Per) ?? "key", Endpoint = Endpoint, Key = Key,
    };

    private static string? Lower(string? name) => name?.ToLowerInvariant();
}
