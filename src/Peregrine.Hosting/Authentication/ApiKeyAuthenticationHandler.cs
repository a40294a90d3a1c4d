using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;

namespace Peregrine.Hosting.Authentication;

/// <summary>Signs a caller in by an API key in the request; refusals are error documents.</summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<ApiKeyAuthenticationOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    IApiKeyDirectory keys, AuthenticationMetrics metrics)
    : AuthenticationHandler<ApiKeyAuthenticationOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!PresentedApiKey.IsPresent(Request)) return Task.FromResult(AuthenticateResult.NoResult());
        if (!PresentedApiKey.TryHash(Request, out var hash)) return Task.FromResult(Refused("unreadable"));
        return Task.FromResult(keys.Find(hash) is { } key ? SignedIn(key) : Refused("unknown"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        ApiErrorWriter.WriteAsync(Context, PresentedApiKey.IsPresent(Request) ? WrongKey : NoKey, Context.RequestAborted);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiErrorWriter.WriteAsync(Context, ApiError.Forbidden("This key may not do that."), Context.RequestAborted);

    private static readonly ApiError NoKey = ApiError.Unauthorized(
        "This call needs an API key.",
        "This call needs an API key: as Basic user name with an empty password, or as 'Authorization: Bearer'.");

    private static readonly ApiError WrongKey = ApiError.Unauthorized(
        "The API key is not known here, or it has expired.",
        "The API key is not known here, or it has expired. Ask an administrator of this node for a new one.");

    private AuthenticateResult SignedIn(AdminKey key)
    {
        Claim[] claims = [new(ClaimTypes.Name, key.Label), new(ApiKeyDefaults.KeyIdClaim, key.Id), new(ApiKeyDefaults.RoleClaim, AdminRoles.NameOf(key.Role))];
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name));
        return AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
    }

    private AuthenticateResult Refused(string reason)
    {
        metrics.Refused(reason);
        AuthenticationLog.Refused(Logger, reason, Context.Connection.RemoteIpAddress);
        return AuthenticateResult.Fail("The API key is not valid.");
    }
}
