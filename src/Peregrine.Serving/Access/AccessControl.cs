using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access.Keys;
using Peregrine.Serving.Access.Tokens;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Access;

/// <summary>The one place that decides who may query a service; for every path below the user API, whatever protocol it speaks.</summary>
internal sealed class AccessControl(
    ServiceKeyStore keys, CallerKeys callers, Lazy<TokenControl> tokens, AdminCallers admins, AuthenticationMetrics metrics, TimeProvider clock)
{
    /// <summary>Decides without waiting, and for a header seen before on its connection without hashing or allocating.</summary>
    /// <param name="endpoint">The endpoint asked for; null for what is not of one endpoint.</param>
    /// <returns>Pending when only <see cref="AuthorizeAsync"/> can tell.</returns>
    public AccessDecision Authorize(HttpContext context, ServiceSnapshot service, string? endpoint)
    {
        var authorizer = service.Authorizer;
        if (authorizer.IsOpenToAll) return AccessDecision.Anyone;
        var header = context.Request.Headers.Authorization is [{ } only] ? only : null;
        var basis = authorizer.TakesTokens ? authorizer.Tokens?.Basis : authorizer.Slot(service.Id, keys).Current;
        if (header is not null && basis is not null && authorizer.Recall(header, basis) is { } grant && !grant.IsOver(clock)) return Within(grant, endpoint);
        return authorizer.TakesTokens ? LookAtToken(context, header, service, endpoint) : LookAtKey(context.Request, header, service, endpoint);
    }

    /// <summary>The same, waiting for what it takes to check a token.</summary>
    public ValueTask<AccessDecision> AuthorizeAsync(HttpContext context, ServiceSnapshot service, string? endpoint)
    {
        var decision = Authorize(context, service, endpoint);
        return decision.IsPending ? CheckTokenAsync(context, service, endpoint) : ValueTask.FromResult(decision);
    }

    private AccessDecision LookAtKey(HttpRequest request, string? header, ServiceSnapshot service, string? endpoint)
    {
        if (!PresentedApiKey.TryHash(request, out var hash))
            return PresentedApiKey.IsPresent(request) ? Refuse("service_key_unknown", AccessFaults.UnknownKey) : Refuse("service_key_absent", AccessFaults.NoKey);
        var set = service.Authorizer.Slot(service.Id, keys).Current;
        if (service.Authorizer.GrantsOf(service.Id, set, callers).TryGetValue(hash, out var grant))
        {
            if (grant.IsOver(clock)) return Refuse("service_key_expired", AccessFaults.ExpiredKey);
            if (header is not null) service.Authorizer.Remember(header, set, grant);
            return Within(grant, endpoint);
        }

        if (admins.Find(hash) is { } admin) return new AccessDecision(admin);
        return set.Damage is null ? Refuse("service_key_unknown", AccessFaults.UnknownKey) : Refuse("service_keys_unreadable", AccessFaults.KeysUnreadable);
    }

    /// <summary>A token that was found good before, on whatever connection, or an admin key.</summary>
    private AccessDecision LookAtToken(HttpContext context, string? header, ServiceSnapshot service, string? endpoint)
    {
        if (TokenControl.TokenOf(header) is { } token)
        {
            if (service.Authorizer.Tokens is not { Basis: { } basis } rules || rules.Memory.Find(ApiKeyHash.Of(token), basis) is not { } grant || grant.IsOver(clock))
                return AccessDecision.Pending;
            service.Authorizer.Remember(header!, basis, grant);
            return Within(grant, endpoint);
        }

        if (PresentedApiKey.TryHash(context.Request, out var hash) && admins.Find(hash) is { } admin) return new AccessDecision(admin);
        TokenControl.Challenge(context.Response, StatusCodes.Status401Unauthorized);
        return PresentedApiKey.IsPresent(context.Request) ? Refuse("token_malformed", TokenFaults.Invalid) : Refuse("token_absent", TokenFaults.Absent);
    }

    private async ValueTask<AccessDecision> CheckTokenAsync(HttpContext context, ServiceSnapshot service, string? endpoint)
    {
        var header = context.Request.Headers.Authorization[0]!;
        var token = TokenControl.TokenOf(header)!;
        var rules = tokens.Value.RulesOf(service);
        var outcome = await rules.CheckAsync(token, context.RequestAborted);
        if (outcome is not { Grant: { } grant, Basis: { } basis })
        {
            TokenControl.Challenge(context.Response, outcome.Error!.Status);
            return Refuse(outcome.Reason, outcome.Error);
        }

        rules.Memory.Remember(ApiKeyHash.Of(token), basis, grant);
        service.Authorizer.Remember(header, basis, grant);
        return Within(grant, endpoint);
    }

    private AccessDecision Within(Grant grant, string? endpoint) =>
        grant.Opens(endpoint) ? new AccessDecision(grant.Caller) : Refuse("service_key_scope", AccessFaults.NotForEndpoint(endpoint!));

    private AccessDecision Refuse(string reason, ApiError error)
    {
        metrics.Refused(reason);
        return new AccessDecision(null, error);
    }
}
