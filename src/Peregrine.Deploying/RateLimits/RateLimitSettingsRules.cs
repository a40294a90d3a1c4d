using System.Globalization;
using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;

namespace Peregrine.Deploying.RateLimits;

/// <summary>What rate limits of a deployment must fulfil: all that a node asks of them, so that a node is never the first to refuse.</summary>
internal static class RateLimitSettingsRules
{
    private const string At = "/rateLimits";
    private const int MostRules = 1_000; // the most that a node can be set to take
    private const long LargestLimit = 1_000_000_000_000;
    private const int LongestWindow = 86_400;

    private static readonly string[] Units = ["requests", "rows"];
    private static readonly string[] Periods = ["hour", "day", "month"];
    private static readonly string[] Partitions = ["key", "service"];
    private static readonly string[] Members = ["id", "unit", "limit", "windowSeconds", "period", "per", "endpoint", "key"];

    /// <param name="endpoints">Those of the generations that answer.</param>
    public static void Check(List<ApiErrorItem> errors, IReadOnlyList<RateLimitRule> rules, IReadOnlySet<string> endpoints)
    {
        if (rules.Count > MostRules) errors.Add(new(At, "TooMany", $"A deployment has at most {MostRules} rate limits."));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{At}/{i}");
            if (rules[i] is not { } rule)
            {
                errors.Add(new(at, "InvalidRule", "A rule is an object."));
                continue;
            }

            Check(errors, at, rule, endpoints);
            if (rule.Id is { } id && !seen.Add(id)) errors.Add(new($"{at}/id", "Duplicate", $"Rule '{id}' stands twice. Give each rule an id of its own."));
        }
    }

    private static void Check(List<ApiErrorItem> errors, string at, RateLimitRule rule, IReadOnlySet<string> endpoints)
    {
        foreach (var name in rule.Others?.Keys ?? Enumerable.Empty<string>())
            errors.Add(new($"{at}/{name}", "UnknownMember", $"A rule has no member '{name}'. It has: {string.Join(", ", Members)}."));
        if (!PackageIds.IsValid(rule.Id)) errors.Add(new($"{at}/id", "InvalidId", $"The name of a rule has {PackageIds.Rule}."));
        if (rule.Limit is not (>= 1 and <= LargestLimit)) errors.Add(new($"{at}/limit", "OutOfRange", $"A limit is a whole number from 1 to {LargestLimit}."));
        CheckTime(errors, at, rule);
        OneOf(errors, $"{at}/unit", rule.Unit, Units);
        OneOf(errors, $"{at}/per", rule.Per, Partitions);
        if (rule.Key is { } key && !PackageIds.IsValid(key)) errors.Add(new($"{at}/key", "InvalidId", $"The id of a key has {PackageIds.Rule}."));
        if (rule.Endpoint is { } endpoint && !endpoints.Contains(endpoint))
            errors.Add(new($"{at}/endpoint", "UnknownEndpoint", $"The versions that answer have no endpoint '{endpoint}'. They have: {string.Join(", ", endpoints.Order(StringComparer.Ordinal))}."));
    }

    private static void CheckTime(List<ApiErrorItem> errors, string at, RateLimitRule rule)
    {
        if (rule.WindowSeconds is null == rule.Period is null)
            errors.Add(new(rule.Period is null ? $"{at}/windowSeconds" : $"{at}/period", "OneOfTwo", "A rule has either windowSeconds, for a rate limit, or period, for a quota."));
        if (rule.WindowSeconds is { } window and not (>= 1 and <= LongestWindow))
            errors.Add(new($"{at}/windowSeconds", "OutOfRange", $"A window is 1 to {LongestWindow} seconds long, not {window}."));
        OneOf(errors, $"{at}/period", rule.Period, Periods);
    }

    private static void OneOf(List<ApiErrorItem> errors, string at, string? value, string[] known)
    {
        if (value is not null && !known.Contains(value, StringComparer.OrdinalIgnoreCase)) errors.Add(new(at, "UnknownValue", $"'{value}' is none of {string.Join(", ", known)}."));
    }
}
