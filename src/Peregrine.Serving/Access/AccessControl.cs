using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access.Keys;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Access;

/// <summary>The one place that decides who may query a service; for every path below the user API, whatever protocol it speaks.</summary>
internal sealed class AccessControl(
    ServiceKeyStore keys, CallerKeys callers, AdminCallers admins, AuthenticationMetrics metrics, TimeProvider clock)
{
    /// <summary>Decides without waiting, and for a header seen before on its connection without hashing or allocating.</summary>
    /// <param name="endpoint">The endpoint asked for; null for what is not of one endpoint.</param>
    /// <returns>Pending when only <see cref="AuthorizeAsync"/> can tell.</returns>
    public AccessDecision Authorize(HttpContext context, ServiceSnapshot service, string? endpoint)
    {
        var authorizer = service.Authorizer;
        if (authorizer.IsOpenToAll) return AccessDecision.Anyone;
        var set = authorizer.Slot(service.Id, keys).Current;
        var header = context.Request.Headers.Authorization is [{ } only] ? only : null;
        if (header is not null && authorizer.Recall(header, set) is { } grant && !grant.IsOver(clock)) return Within(grant, endpoint);
        return LookAt(context.Request, header, service, set, endpoint);
    }

    /// <summary>The same, waiting for what it takes to check a token.</summary>
    public ValueTask<AccessDecision> AuthorizeAsync(HttpContext context, ServiceSnapshot service, string? endpoint) =>
        ValueTask.FromResult(Authorize(context, service, endpoint));

    private AccessDecision LookAt(HttpRequest request, string? header, ServiceSnapshot service, ServiceKeySet set, string? endpoint)
    {
        if (!PresentedApiKey.TryHash(request, out var hash))
            return PresentedApiKey.IsPresent(request) ? Refuse("service_key_unknown", AccessFaults.UnknownKey) : Refuse("service_key_absent", AccessFaults.NoKey);
        if (service.Authorizer.GrantsOf(service.Id, set, callers).TryGetValue(hash, out var grant))
        {
            if (grant.IsOver(clock)) return Refuse("service_key_expired", AccessFaults.ExpiredKey);
            if (header is not null) service.Authorizer.Remember(header, set, grant);
            return Within(grant, endpoint);
        }

        if (admins.Find(hash) is { } admin) return new AccessDecision(admin);
        return set.Damage is null ? Refuse("service_key_unknown", AccessFaults.UnknownKey) : Refuse("service_keys_unreadable", AccessFaults.KeysUnreadable);
    }

    private AccessDecision Within(Grant grant, string? endpoint) =>
        grant.Opens(endpoint) ? new AccessDecision(grant.Caller) : Refuse("service_key_scope", AccessFaults.NotForEndpoint(endpoint!));

    private AccessDecision Refuse(string reason, ApiError error)
    {
        metrics.Refused(reason);
        return new AccessDecision(null, error);
    }
}
