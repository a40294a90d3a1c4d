using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Access.Tokens;

/// <summary>Makes the token rules of services. Made itself when the first token comes, so a node without such services loads no token library.</summary>
internal sealed class TokenControl(JwksSources sources, CallerKeys callers, IOptions<AccessOptions> options, TimeProvider clock)
{
    private const string Bearer = "Bearer ";

    /// <summary>The token of a header; null when there is none, or something else than a JWT.</summary>
    public static string? TokenOf(string? header)
    {
        if (header is null || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return null;
        var token = header.AsSpan(Bearer.Length).Trim();
        return token.StartsWith("ey", StringComparison.Ordinal) && token.Count('.') >= 2 ? token.ToString() : null;
    }

    /// <summary>Tells a client how to present itself (RFC 6750).</summary>
    public static void Challenge(HttpResponse response, int status)
    {
        if (status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer realm=\"Peregrine\", error=\"invalid_token\"";
        if (status == StatusCodes.Status403Forbidden) response.Headers.WWWAuthenticate = "Bearer realm=\"Peregrine\", error=\"insufficient_scope\"";
    }

    public TokenRules RulesOf(ServiceSnapshot service)
    {
        if (service.Authorizer.Tokens is { } known) return known;
        var rules = service.Authorizer.Authorization.OAuth2 ?? new ServiceOAuth2 { Issuer = "" };
        return service.Authorizer.Bind(new TokenRules(service.Id, rules, sources.Of(rules), callers, options.Value, clock));
    }
}
