using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.RateLimits;

/// <summary>One rate limit or quota of a service, as it stands in the file and in the admin API.</summary>
internal sealed record RateRule
{
    /// <summary>Names it in answers, errors and metrics; one of a kind in its service.</summary>
    public required string Id { get; init; }

    public RateUnit Unit { get; init; }

    /// <summary>Units in one window or period: 1 to 10^12.</summary>
    public required long Limit { get; init; }

    /// <summary>Length of the sliding window of a rate limit, in seconds: 1 to 86,400. Null: it is a quota.</summary>
    public int? WindowSeconds { get; init; }

    /// <summary>What a quota is for. Null: it is a rate limit.</summary>
    public QuotaPeriod? Period { get; init; }

    /// <summary>Who counts together.</summary>
    public RatePartition Per { get; init; }

    /// <summary>The endpoint that it concerns; null: all endpoints of the service, counted together.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The id of the key that it concerns; null: all.</summary>
    public string? Key { get; init; }

    /// <summary>Whether what was counted by one stays true for the other.</summary>
    public bool CountsAs(RateRule other) => this with { Limit = other.Limit } == other;
}

/// <summary>What is counted.</summary>
internal enum RateUnit
{
    /// <summary>Calls of whoever was let in, also those that were answered with an error.</summary>
    Requests,

    /// <summary>Records that were scored. A call is taken as long as one is left, and is charged in full.</summary>
    Rows,
}

/// <summary>Who counts together.</summary>
internal enum RatePartition
{
    /// <summary>Each caller for itself; callers without a key together.</summary>
    Key,

    /// <summary>All callers together.</summary>
    Service,
}

/// <summary>Calendar period in UTC.</summary>
internal enum QuotaPeriod
{
    Hour,
    Day,
    Month,
}

/// <summary><c>services/{id}/limits.json</c>.</summary>
internal sealed record RateRuleFile : IServiceFile
{
    public const int CurrentFormat = 1;

    public static readonly RateRuleFile Empty = new();

    public int FormatVersion { get; init; } = CurrentFormat;

    public IReadOnlyList<RateRule> Rules { get => field ?? []; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RateRuleFile))]
[JsonSerializable(typeof(QuotaFile))]
internal sealed partial class RateLimitJson : JsonSerializerContext;
