using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access.Attempts;
using Peregrine.Serving.Access.Audit;

namespace Peregrine.Serving.Access;

/// <summary>What becomes of refused callers of the user API: counted, told to the audit log, and slowed when they seem to guess.</summary>
internal sealed class AccessRefusals(FailedAttempts attempts, ClientAddresses addresses, AuditLog audit, AuthenticationMetrics metrics)
{
    public const string KeyUnknown = "service_key_unknown";
    public const string TokenMalformed = "token_malformed";

    /// <summary>Reasons that a client with a right credential never meets.</summary>
    private static readonly string[] s_guesses = [KeyUnknown, TokenMalformed, "token_invalid", "token_key_unknown"];

    private static readonly object s_quiet = new();

    /// <summary>From here on a refusal is no event: somebody only asks which services a caller may see.</summary>
    public static void Silence(HttpContext context) => context.Items[s_quiet] = s_quiet;

    /// <summary>Ends <see cref="Silence"/> and takes back what refusals have written into the answer.</summary>
    public static void Resume(HttpContext context)
    {
        context.Items.Remove(s_quiet);
        context.Response.Headers.Remove(HeaderNames.WWWAuthenticate);
        context.Response.Headers.Remove(HeaderNames.RetryAfter);
    }

    /// <summary>One credential that opened nothing of all there was.</summary>
    public void CountGuess(HttpContext context) => attempts.Count(addresses.Of(context));

    /// <summary>The error of a client that has to wait before its credentials are looked at; null: it need not.</summary>
    public ApiError? MustWait(HttpContext context, string service)
    {
        if (!attempts.AnyFailed || !PresentedApiKey.IsPresent(context.Request) || !attempts.IsBlocked(addresses.Of(context), out var seconds)) return null;
        return Refuse(context, service, "throttled", AccessFaults.TooMany(context, seconds));
    }

    /// <param name="who">Id of the key, when it is one that was good once.</param>
    /// <returns><paramref name="error"/>.</returns>
    public ApiError Refuse(HttpContext context, string service, string reason, ApiError error, string? who = null)
    {
        if (context.Items.ContainsKey(s_quiet)) return error;
        metrics.Refused(reason);
        var address = addresses.Of(context);
        if (Array.IndexOf(s_guesses, reason) >= 0) attempts.Count(address);
        audit.Refused(new AuditEvent
        {
            Kind = AuditEvent.Refusal,
            Who = who,
            What = "query",
            On = new Dictionary<string, string> { ["service"] = service },
            From = address.ToString(),
            Status = error.Status,
            Reason = reason,
        });
        return error;
    }
}
