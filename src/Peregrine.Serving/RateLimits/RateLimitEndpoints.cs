using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;
using Peregrine.Serving.Access.Admin;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.RateLimits;

/// <summary>Rate limits and quotas of one service on this node, with what is left of them.</summary>
internal static class RateLimitEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/services/{service}/limits", Get);
        admin.MapPut("/services/{service}/limits", PutAsync).ForRole(AdminRole.Operator);
    }

    private static ContentHttpResult Get(string service, NodeState node, RateLimitStore store)
    {
        _ = Known.Service(node.Current, service);
        return Tell(store.SlotOf(service).Current);
    }

    /// <summary>All rules at once, so that no call sees half of a change.</summary>
    private static async Task<ContentHttpResult> PutAsync(
        string service, HttpRequest request, NodeState node, RateLimitStore store, IOptions<RateLimitOptions> options, CancellationToken cancellationToken)
    {
        var found = Known.Service(node.Current, service);
        var endpoints = found.Forceable.SelectMany(generation => generation.EndpointIds).ToHashSet(StringComparer.Ordinal);
        var rules = RateRuleReader.Read(await JsonBody.ReadObjectAsync(request, cancellationToken), endpoints);
        if (rules.Count > options.Value.MaxRulesPerService)
            throw ApiError.Conflict(
                $"{rules.Count} rules are more than a service may have.",
                $"{rules.Count} rules are more than the {options.Value.MaxRulesPerService} of option {RateLimitOptions.Section}:{nameof(RateLimitOptions.MaxRulesPerService)}.", "TooManyRules").AsException();
        try
        {
            await store.ChangeAsync(service, file => file with { Rules = rules }, cancellationToken);
        }
        catch (InvalidDataException damaged)
        {
            throw ApiError.Conflict($"The limits of service '{service}' cannot be changed.", $"The limits of service '{service}' cannot be changed: {damaged.Message}", "LimitsUnreadable").AsException(damaged);
        }
        catch (DirectoryNotFoundException)
        {
            throw DispatchFaults.UnknownService(node.Current, service).AsException();
        }

        return Tell(store.SlotOf(service).Current);
    }

    private static ContentHttpResult Tell(RateLimitSet set)
    {
        var answer = new JsonObject { ["rules"] = new JsonArray([.. set.All.Select(limit => (JsonNode)Describe(limit))]) };
        if (set.Damage is { } damage) answer["damage"] = damage;
        return TypedResults.Text(answer.ToJsonString(), "application/json");
    }

    private static JsonObject Describe(RateLimit limit)
    {
        var rule = limit.Rule;
        return new JsonObject
        {
            ["id"] = rule.Id,
            ["unit"] = Name(rule.Unit),
            ["limit"] = rule.Limit,
            ["windowSeconds"] = rule.WindowSeconds,
            ["period"] = rule.Period is { } period ? Name(period) : null,
            ["per"] = Name(rule.Per),
            ["endpoint"] = rule.Endpoint,
            ["key"] = rule.Key,
            ["refused"] = limit.Refused,
            ["callers"] = new JsonArray([.. limit.Cells.OrderBy(cell => cell.Key.Id, StringComparer.Ordinal).Select(cell => (JsonNode)Describe(cell.Key, cell.Value.Level()))]),
        };
    }

    private static JsonObject Describe(CallerKey caller, RateLevel level) => new() { ["key"] = caller.Id, ["remaining"] = level.Remaining, ["resetSeconds"] = level.Reset };

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
