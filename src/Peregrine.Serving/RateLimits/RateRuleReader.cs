using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;

namespace Peregrine.Serving.RateLimits;

/// <summary>Reads rules out of the body of an admin call; what is wrong is said with its place.</summary>
internal static class RateRuleReader
{
    private const long LargestLimit = 1_000_000_000_000;
    private const int LongestWindow = 86_400;

    private static readonly string[] s_members = ["id", "unit", "limit", "windowSeconds", "period", "per", "endpoint", "key"];

    /// <param name="endpoints">The endpoints that the service has; empty: none is loaded, so any id will do.</param>
    public static IReadOnlyList<RateRule> Read(JsonObject body, IReadOnlySet<string> endpoints)
    {
        if (body["rules"] is not JsonArray given) throw Bad("/rules", "must be a list of rules");
        var rules = new List<RateRule>();
        for (var i = 0; i < given.Count; i++)
        {
            var place = $"/rules/{i}";
            if (given[i] is not JsonObject rule) throw Bad(place, "must be an object");
            var read = Read(rule, place);
            if (rules.Any(other => other.Id == read.Id)) throw Bad($"{place}/id", $"'{read.Id}' is there twice; give each rule an id of its own");
            if (read.Endpoint is { } endpoint && endpoints.Count > 0 && !endpoints.Contains(endpoint))
                throw Bad($"{place}/endpoint", $"'{endpoint}' is no endpoint of the service; it has: {string.Join(", ", endpoints.Order(StringComparer.Ordinal))}");
            rules.Add(read);
        }

        return rules;
    }

    private static RateRule Read(JsonObject rule, string place)
    {
        foreach (var (name, _) in rule)
            if (!s_members.Contains(name, StringComparer.Ordinal)) throw Bad($"{place}/{name}", $"is not known; a rule has: {string.Join(", ", s_members)}");
        var window = Whole(rule, place, "windowSeconds", LongestWindow);
        var period = Name<QuotaPeriod>(rule, place, "period");
        if (window is null == period is null) throw Bad(place, "must have either 'windowSeconds', for a rate limit, or 'period', for a quota");
        return new RateRule
        {
            Id = Id(rule, place, "id") ?? throw Bad($"{place}/id", "is missing"),
            Unit = Name<RateUnit>(rule, place, "unit") ?? RateUnit.Requests,
            Limit = Whole(rule, place, "limit", LargestLimit) ?? throw Bad($"{place}/limit", "is missing"),
            WindowSeconds = (int?)window,
            Period = period,
            Per = Name<RatePartition>(rule, place, "per") ?? RatePartition.Key,
            Endpoint = Id(rule, place, "endpoint"),
            Key = Id(rule, place, "key"),
        };
    }

    private static long? Whole(JsonObject rule, string place, string member, long largest)
    {
        if (rule[member] is not { } node) return null;
        if (node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue<long>(out var value) && value >= 1 && value <= largest) return value;
        throw Bad($"{place}/{member}", $"must be a whole number from 1 to {largest}");
    }

    private static string? Id(JsonObject rule, string place, string member)
    {
        if (rule[member] is not { } node) return null;
        if (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is var id && PackageIds.IsValid(id)) return id;
        throw Bad($"{place}/{member}", $"must be {PackageIds.Rule}");
    }

    private static T? Name<T>(JsonObject rule, string place, string member)
        where T : struct, Enum
    {
        if (rule[member] is not { } node) return null;
        if (node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: > 0 } name && char.IsAsciiLetter(name[0])
            && Enum.TryParse<T>(name, ignoreCase: true, out var value))
            return value;
        throw Bad($"{place}/{member}", $"must be one of {string.Join(", ", Enum.GetNames<T>().Select(one => one.ToLowerInvariant()))}");
    }

    private static ApiErrorException Bad(string place, string rule)
    {
        var message = $"'{place}' {rule}.";
        return (ApiError.BadRequest(message, errorType: "InvalidRule") with { Errors = [new ApiErrorItem(place, "InvalidRule", message)] }).AsException();
    }
}
