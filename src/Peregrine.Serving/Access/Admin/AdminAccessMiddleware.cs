using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access.Attempts;
using Peregrine.Serving.Access.Audit;

namespace Peregrine.Serving.Access.Admin;

/// <summary>Around the admin API: slows addresses that try keys, and has every change and every refusal in the audit log.</summary>
internal sealed class AdminAccessMiddleware(RequestDelegate next, FailedAttempts attempts, ClientAddresses addresses, AuditLog audit, AuthenticationMetrics metrics)
{
    /// <summary>A call whose path names a key by itself.</summary>
    private const string SecretValue = "key";

    public Task InvokeAsync(HttpContext context) => AdminPaths.IsAdmin(context.Request.Path.Value) ? AnswerAsync(context) : next(context);

    private async Task AnswerAsync(HttpContext context)
    {
        var address = addresses.Of(context);
        var presents = PresentedApiKey.IsPresent(context.Request);
        if (presents && attempts.IsBlocked(address, out var seconds))
        {
            metrics.Refused("throttled");
            audit.Refused(new AuditEvent { Kind = AuditEvent.Refusal, What = "admin API", From = address.ToString(), Status = StatusCodes.Status429TooManyRequests, Reason = "throttled" });
            await AccessFaults.WriteTooManyAsync(context, seconds);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            if (context.Response.StatusCode == StatusCodes.Status401Unauthorized && presents) attempts.Count(address);
            Record(context, address.ToString(), presents);
        }
    }

    private void Record(HttpContext context, string from, bool presents)
    {
        var status = context.Response.StatusCode;
        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
            audit.Refused(Event(context, AuditEvent.Refusal, from) with { Reason = status == StatusCodes.Status403Forbidden ? "role" : presents ? "key_unknown" : "key_absent" });
        else if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            audit.Done(Event(context, AuditEvent.Action, from));
    }

    private static AuditEvent Event(HttpContext context, string kind, string from) => new()
    {
        Kind = kind,
        Who = context.User.FindFirstValue(ApiKeyDefaults.KeyIdClaim),
        Role = context.User.FindFirstValue(ApiKeyDefaults.RoleClaim),
        What = $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "no such call"}",
        On = OnOf(context),
        From = from,
        Status = context.Response.StatusCode,
    };

    /// <summary>The values of the path and what the call noted about itself; never a key.</summary>
    private static SortedDictionary<string, string> OnOf(HttpContext context)
    {
        var on = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in context.Request.RouteValues)
            if (name != SecretValue && value is string text) on[name] = text;
        foreach (var (name, value) in AuditNotes.Of(context)) on[name] = value;
        return on;
    }
}
