using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.RateLimits;

/// <summary>
/// Asked twice by each call of whoever was let in: <see cref="Admit"/> before its body is read, <see cref="Settle"/> before its answer is written. An endpoint
/// without rules costs one comparison.
/// </summary>
/// <remarks>Header fields: draft-ietf-httpapi-ratelimit-headers-10.</remarks>
internal sealed class RateLimiter(RateLimitStore store, LimitMetrics metrics, IOptions<RateLimitOptions> options)
{
    private readonly bool _headers = options.Value.Headers;

    /// <summary>Null: the call may go on, and its request is counted. Otherwise which rule is used up; headers are set and nothing is counted.</summary>
    public ApiError? Admit(HttpContext context, EndpointRoute route, CallerKey caller)
    {
        var limits = route.RateLimits(store);
        for (var i = 0; i < limits.Length; i++)
        {
            if (!limits[i].Concerns(caller) || TryEnter(limits[i], caller)) continue;
            GiveBack(limits.AsSpan(0, i), caller);
            return Refuse(context, limits, limits[i], caller);
        }

        return null;
    }

    /// <summary>Counts what the call did and tells what is left, in the headers of an answer that has not begun.</summary>
    /// <param name="rows">Records that were scored.</param>
    public void Settle(HttpContext context, EndpointRoute route, CallerKey caller, long rows)
    {
        var limits = route.RateLimits(store);
        if (limits.Length == 0) return;
        if (rows > 0)
            foreach (var limit in limits)
                if (limit.Rule.Unit == RateUnit.Rows && limit.Concerns(caller)) limit.CellOf(caller).Charge(rows);
        Tell(context, limits, caller);
    }

    /// <summary>For a call that the node could not take: its request does not count.</summary>
    public void Forget(HttpContext context, EndpointRoute route, CallerKey caller)
    {
        var limits = route.RateLimits(store);
        GiveBack(limits, caller);
        Tell(context, limits, caller);
    }

    private static bool TryEnter(RateLimit limit, CallerKey caller)
    {
        var cell = limit.CellOf(caller);
        return limit.Rule.Unit == RateUnit.Requests ? cell.TryTake() : cell.Level().Wait == 0;
    }

    private static void GiveBack(ReadOnlySpan<RateLimit> limits, CallerKey caller)
    {
        foreach (var limit in limits)
            if (limit.Rule.Unit == RateUnit.Requests && limit.Concerns(caller)) limit.CellOf(caller).Charge(-1);
    }

    private ApiError Refuse(HttpContext context, RateLimit[] limits, RateLimit used, CallerKey caller)
    {
        used.NoteRefused();
        metrics.Refuse(LimitMetrics.Rate);
        var wait = Math.Max(1, used.CellOf(caller).Level().Wait);
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        Tell(context, limits, caller);
        return RateLimitFaults.UsedUp(used.Rule, wait);
    }

    private void Tell(HttpContext context, RateLimit[] limits, CallerKey caller)
    {
        if (!_headers || context.Response.HasStarted) return;
        var (policies, levels) = (new StringBuilder(), new StringBuilder());
        foreach (var limit in limits)
        {
            if (!limit.Concerns(caller)) continue;
            var level = limit.CellOf(caller).Level();
            if (policies.Length > 0) policies.Append(", ");
            if (levels.Length > 0) levels.Append(", ");
            policies.Append(limit.Policy);
            levels.Append(CultureInfo.InvariantCulture, $"\"{limit.Rule.Id}\";r={level.Remaining};t={level.Reset}");
        }

        if (policies.Length == 0) return;
        context.Response.Headers["RateLimit-Policy"] = policies.ToString();
        context.Response.Headers["RateLimit"] = levels.ToString();
    }
}
