using System.Globalization;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.RateLimits;

/// <summary>What a caller is told whose rate limit or quota is used up.</summary>
internal static class RateLimitFaults
{
    /// <param name="wait">Seconds.</param>
    public static ApiError UsedUp(RateRule rule, long wait)
    {
        var unit = rule.Unit == RateUnit.Rows ? "records" : "requests";
        var whose = (rule.Per, rule.Key) switch
        {
            (RatePartition.Service, null) => "all callers together",
            _ => "this key",
        };
        var where = rule.Endpoint is null ? "" : $" at endpoint '{rule.Endpoint}'";
        var (kind, time, type) = rule.Period is { } period
            ? ("Quota", $"a {period.ToString().ToLowerInvariant()}", "QuotaExceeded")
            : ("Rate limit", $"{rule.WindowSeconds} s", "RateLimited");
        var message = string.Create(CultureInfo.InvariantCulture, $"{kind} '{rule.Id}' is used up: {rule.Limit} {unit} in {time} for {whose}{where}.");
        return ApiError.TooManyRequests(message, string.Create(CultureInfo.InvariantCulture, $"{message} Try again in {wait} s."), type);
    }
}
