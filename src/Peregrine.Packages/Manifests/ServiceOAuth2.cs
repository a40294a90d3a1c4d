using System.Text.Json;

namespace Peregrine.Packages.Manifests;

/// <summary>Which signed tokens open a service whose method is <see cref="AuthorizationMethod.OAuth2"/>.</summary>
public sealed record ServiceOAuth2
{
    /// <summary>What the token's <c>iss</c> must be, letter by letter.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where the issuer publishes its keys (RFC 7517): https, or http to this machine. Either this or <see cref="Jwks"/>.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>The keys themselves, an object with <c>keys</c>, for an issuer that publishes none.</summary>
    public JsonElement? Jwks { get; init; }

    /// <summary>One of these must be in the token's <c>aud</c>; null: any audience.</summary>
    public IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>All of these must be in the token's scope; null: none is needed.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Claim that holds the scope, as words with blanks between or as a list; null: <c>scope</c>, else <c>scp</c>.</summary>
    public string? ScopeClaim { get; init; }

    /// <summary>Claims that must be there with just this value, or with a list that has it.</summary>
    public IReadOnlyDictionary<string, string>? Claims { get; init; }

    /// <summary>Claim that names the caller in logs; null: <c>azp</c>, <c>client_id</c>, <c>appid</c> or <c>sub</c>, whichever is there first.</summary>
    public string? ClientIdClaim { get; init; }

    /// <summary>Seconds by which the clocks of issuer and node may differ: 0 to 600; null: 60.</summary>
    public int? ClockSkewSeconds { get; init; }
}
