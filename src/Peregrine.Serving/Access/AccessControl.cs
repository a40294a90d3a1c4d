using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access.Keys;
using Peregrine.Serving.Access.Tokens;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Access;

/// <summary>The one place that decides who may query a service; for every path below the user API, whatever protocol it speaks.</summary>
internal sealed class AccessControl(
    ServiceKeyStore keys, CallerKeys callers, Lazy<TokenControl> tokens, AdminCallers admins, AccessRefusals refusals, SecondClock seconds, TimeProvider clock)
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
        if (header is not null && basis is not null && authorizer.Recall(header, basis) is { } grant && !grant.IsOver(clock)) return Within(grant, context, service, endpoint);
        if (refusals.MustWait(context, service.Id) is { } wait) return new AccessDecision(null, wait);
        return authorizer.TakesTokens ? LookAtToken(context, header, service, endpoint) : LookAtKey(context, header, service, endpoint);
    }

    /// <summary>The same, waiting for what it takes to check a token.</summary>
    public ValueTask<AccessDecision> AuthorizeAsync(HttpContext context, ServiceSnapshot service, string? endpoint)
    {
        var decision = Authorize(context, service, endpoint);
        return decision.IsPending ? CheckTokenAsync(context, service, endpoint) : ValueTask.FromResult(decision);
    }

    /// <summary>Whether a caller may ask, for lists of what there is: a no is neither counted nor told.</summary>
    public async ValueTask<bool> MayAskAsync(HttpContext context, ServiceSnapshot service, string? endpoint)
    {
        AccessRefusals.Silence(context);
        try
        {
            return (await AuthorizeAsync(context, service, endpoint)).Caller is not null;
        }
        finally
        {
            AccessRefusals.Resume(context);
        }
    }

    /// <summary>To be said once by a list whose caller's credential opened none of the services that want one.</summary>
    public void OpenedNothing(HttpContext context) => refusals.CountGuess(context);

    private AccessDecision LookAtKey(HttpContext context, string? header, ServiceSnapshot service, string? endpoint)
    {
        AccessDecision Refuse(string reason, ApiError error, string? who = null) => new(null, refusals.Refuse(context, service.Id, reason, error, who));

        if (!PresentedApiKey.TryHash(context.Request, out var hash))
            return PresentedApiKey.IsPresent(context.Request) ? Refuse(AccessRefusals.KeyUnknown, AccessFaults.UnknownKey) : Refuse("service_key_absent", AccessFaults.NoKey);
        var set = service.Authorizer.Slot(service.Id, keys).Current;
        if (service.Authorizer.GrantsOf(service.Id, set, callers).TryGetValue(hash, out var grant))
        {
            if (grant.IsOver(clock)) return Refuse("service_key_expired", AccessFaults.ExpiredKey, grant.Caller.Id);
            if (header is not null) service.Authorizer.Remember(header, set, grant);
            return Within(grant, context, service, endpoint);
        }

        if (admins.Find(hash) is { } admin) return new AccessDecision(admin);
        return set.Damage is null ? Refuse(AccessRefusals.KeyUnknown, AccessFaults.UnknownKey) : Refuse("service_keys_unreadable", AccessFaults.KeysUnreadable);
    }

    /// <summary>A token that was found good before, on whatever connection, or an admin key.</summary>
    private AccessDecision LookAtToken(HttpContext context, string? header, ServiceSnapshot service, string? endpoint)
    {
        if (TokenControl.TokenOf(header) is { } token)
        {
            if (service.Authorizer.Tokens is not { Basis: { } basis } rules || rules.Memory.Find(ApiKeyHash.Of(token), basis) is not { } grant || grant.IsOver(clock))
                return AccessDecision.Pending;
            service.Authorizer.Remember(header!, basis, grant);
            return Within(grant, context, service, endpoint);
        }

        if (PresentedApiKey.TryHash(context.Request, out var hash) && admins.Find(hash) is { } admin) return new AccessDecision(admin);
        TokenControl.Challenge(context.Response, StatusCodes.Status401Unauthorized);
        var (reason, error) = PresentedApiKey.IsPresent(context.Request) ? (AccessRefusals.TokenMalformed, TokenFaults.Invalid) : ("token_absent", TokenFaults.Absent);
        return new AccessDecision(null, refusals.Refuse(context, service.Id, reason, error));
    }

    private async ValueTask<AccessDecision> CheckTokenAsync(HttpContext context, ServiceSnapshot service, string? endpoint)
    {
        // A signature takes tens of microseconds to check, the first one its library's loading as well.
        if (OffTheTransport.IsHere) await Task.Yield();
        var header = context.Request.Headers.Authorization[0]!;
        var token = TokenControl.TokenOf(header)!;
        var rules = tokens.Value.RulesOf(service);
        var outcome = await rules.CheckAsync(token, context.RequestAborted);
        if (outcome is not { Grant: { } grant, Basis: { } basis })
        {
            TokenControl.Challenge(context.Response, outcome.Error!.Status);
            return new AccessDecision(null, refusals.Refuse(context, service.Id, outcome.Reason, outcome.Error));
        }

        rules.Memory.Remember(ApiKeyHash.Of(token), basis, grant);
        service.Authorizer.Remember(header, basis, grant);
        return Within(grant, context, service, endpoint);
    }

    private AccessDecision Within(Grant grant, HttpContext context, ServiceSnapshot service, string? endpoint)
    {
        if (!grant.Opens(endpoint)) return new AccessDecision(null, refusals.Refuse(context, service.Id, "service_key_scope", AccessFaults.NotForEndpoint(endpoint!), grant.Caller.Id));
        grant.Use?.Note(seconds.Now);
        return new AccessDecision(grant.Caller);
    }
}
