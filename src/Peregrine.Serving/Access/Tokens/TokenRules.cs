using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Peregrine.Packages.Manifests;

namespace Peregrine.Serving.Access.Tokens;

/// <summary>Checks the tokens of one service: signature and issuer by the library, times and claims by the service's rules.</summary>
internal sealed class TokenRules(string service, ServiceOAuth2 rules, JwksSource source, CallerKeys callers, AccessOptions options, TimeProvider clock)
{
    private const int DefaultSkewSeconds = 60;
    private const int LongestClientId = 200;

    private static readonly JsonWebTokenHandler s_handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 256 * 1024 };
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly TimeSpan _skew = TimeSpan.FromSeconds(rules.ClockSkewSeconds ?? DefaultSkewSeconds);

    /// <summary>The tokens that were found good lately.</summary>
    public TokenMemory Memory { get; } = new();

    /// <summary>What remembered tokens were found good by; null: nothing is known yet.</summary>
    public object? Basis => source.Basis;

    public async ValueTask<TokenOutcome> CheckAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > options.MaxTokenLength || Parse(token) is not { } jwt) return TokenOutcome.Refuse("token_malformed", TokenFaults.Invalid);
        var keyId = string.IsNullOrEmpty(jwt.Kid) ? null : jwt.Kid;
        if (await source.KeysAsync(keyId, cancellationToken) is not { } keys) return TokenOutcome.Refuse("signing_keys_unavailable", TokenFaults.NoKeys);
        var candidates = keys.Candidates(keyId, jwt.Alg).ToList();
        if (candidates.Count == 0) return TokenOutcome.Refuse("token_key_unknown", TokenFaults.Invalid);
        var checkedToken = await s_handler.ValidateTokenAsync(jwt, Parameters(candidates, jwt.Alg));
        if (!checkedToken.IsValid)
            return checkedToken.Exception is SecurityTokenInvalidAudienceException
                ? TokenOutcome.Refuse("token_audience", TokenFaults.Audience)
                : TokenOutcome.Refuse("token_invalid", TokenFaults.Invalid);
        return Judge(jwt, keys);
    }

    /// <summary>Null unless it is a signed token whose header asks for nothing that we do not know.</summary>
    private static JsonWebToken? Parse(string token)
    {
        try
        {
            var jwt = new JsonWebToken(token);
            return jwt.IsEncrypted || !jwt.IsSigned || jwt.TryGetHeaderValue<object>("crit", out _) ? null : jwt;
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private TokenValidationParameters Parameters(IReadOnlyList<SigningKey> candidates, string algorithm) => new()
    {
        IssuerSigningKeys = candidates.Select(candidate => candidate.Key),
        ValidAlgorithms = [algorithm], // one of the candidates' own, so never 'none' and never a symmetric one
        RequireSignedTokens = true,
        ValidIssuer = rules.Issuer,
        ValidateIssuer = true,
        ValidAudiences = rules.Audiences,
        ValidateAudience = rules.Audiences is not null,
        ValidateLifetime = false, // below, by the node's clock
    };

    private TokenOutcome Judge(JsonWebToken jwt, SigningKeySet keys)
    {
        try
        {
            using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(jwt.EncodedPayload), s_strict);
            return Judge(payload.RootElement, keys);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // A member twice, or half of a surrogate pair as text.
            return TokenOutcome.Refuse("token_malformed", TokenFaults.Invalid);
        }
    }

    private TokenOutcome Judge(JsonElement claims, SigningKeySet keys)
    {
        var now = clock.GetUtcNow();
        if (Moment(claims, "exp") is not { } end) return TokenOutcome.Refuse("token_malformed", TokenFaults.Invalid);
        if (now >= Later(end, _skew)) return TokenOutcome.Refuse("token_expired", TokenFaults.Expired);
        if (claims.TryGetProperty("nbf", out _) && !(Moment(claims, "nbf") <= Later(now, _skew))) return TokenOutcome.Refuse("token_early", TokenFaults.TooEarly);
        if (MissingClaim(claims) is { } missing) return TokenOutcome.Refuse("token_scope", TokenFaults.Scope(missing));
        var until = Earlier(Later(end, _skew), Recheck(keys, now));
        return new TokenOutcome(new Grant(callers.Of(service, ClientId(claims)), until, null), keys.Basis, null, "");
    }

    /// <summary>In words, the first claim that the rules ask for and the token lacks.</summary>
    private string? MissingClaim(JsonElement claims)
    {
        if (rules.Scopes is { } scopes)
        {
            var granted = ScopesOf(claims);
            if (scopes.FirstOrDefault(scope => !granted.Contains(scope)) is { } lacking) return $"scope '{lacking}'";
        }

        foreach (var (name, value) in rules.Claims ?? new Dictionary<string, string>())
            if (!claims.TryGetProperty(name, out var claim) || !Texts(claim).Contains(value)) return $"claim '{name}'";
        return null;
    }

    private IReadOnlyList<string> ScopesOf(JsonElement claims)
    {
        if (!claims.TryGetProperty(rules.ScopeClaim ?? "scope", out var scope) && !(rules.ScopeClaim is null && claims.TryGetProperty("scp", out scope))) return [];
        return scope.ValueKind == JsonValueKind.String ? scope.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries) : Texts(scope);
    }

    private static IReadOnlyList<string> Texts(JsonElement claim) => claim.ValueKind switch
    {
        JsonValueKind.String => [claim.GetString()!],
        JsonValueKind.Array => [.. claim.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => [claim.GetRawText()],
        _ => [],
    };

    private string ClientId(JsonElement claims)
    {
        string[] names = rules.ClientIdClaim is { } named ? [named] : ["azp", "client_id", "appid", "sub"];
        foreach (var name in names)
            if (claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String && claim.GetString() is { Length: > 0 and <= LongestClientId } id) return $"oauth2:{id}";
        return "oauth2";
    }

    /// <summary>When the keys are due to be fetched again, and with them the token to be checked again; while that fails, a little later each time.</summary>
    private DateTimeOffset Recheck(SigningKeySet keys, DateTimeOffset now)
    {
        var due = Later(keys.FetchedOn, options.SigningKeysRefresh);
        return due > now ? due : Later(now, options.SigningKeysMinInterval);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset moment, TimeSpan by) => moment > DateTimeOffset.MaxValue - by ? DateTimeOffset.MaxValue : moment + by;

    /// <summary>Seconds since 1970, fractions allowed; beyond the calendar counts as its end.</summary>
    private static DateTimeOffset? Moment(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var claim) || claim.ValueKind != JsonValueKind.Number || !claim.TryGetDouble(out var seconds) || !(seconds >= 0)) return null;
        return seconds < 253_402_300_799 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : DateTimeOffset.MaxValue;
    }
}
