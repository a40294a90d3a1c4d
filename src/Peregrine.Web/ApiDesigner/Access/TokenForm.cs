using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Packages.Manifests;
using Peregrine.Web.Components;

namespace Peregrine.Web.ApiDesigner.Access;

/// <summary>The rules about tokens as texts of a form. Lists have one item a line, or commas between.</summary>
public sealed class TokenForm
{
    public string Issuer { get; set; } = "";

    /// <summary>Whether the keys come from an address; else they are in <see cref="Jwks"/>.</summary>
    public bool FromUrl { get; set; } = true;

    public string JwksUrl { get; set; } = "";
    public string Jwks { get; set; } = "";
    public string Audiences { get; set; } = "";
    public string Scopes { get; set; } = "";
    public string ScopeClaim { get; set; } = "";

    /// <summary>Lines of <c>tenant=eu</c>.</summary>
    public string Claims { get; set; } = "";

    public string ClientIdClaim { get; set; } = "";

    /// <summary>Seconds.</summary>
    public string ClockSkew { get; set; } = "60";

    public static TokenForm Of(ServiceOAuth2? rules) => rules is null ? new TokenForm() : new TokenForm
    {
        Issuer = rules.Issuer,
        FromUrl = rules.Jwks is null,
        JwksUrl = rules.JwksUrl ?? "",
        Jwks = rules.Jwks is { } keys ? JsonMarkup.Text(keys) : "",
        Audiences = string.Join(", ", rules.Audiences ?? []),
        Scopes = string.Join(", ", rules.Scopes ?? []),
        ScopeClaim = rules.ScopeClaim ?? "",
        Claims = string.Join('\n', (rules.Claims ?? new Dictionary<string, string>()).Select(claim => $"{claim.Key}={claim.Value}")),
        ClientIdClaim = rules.ClientIdClaim ?? "",
        ClockSkew = (rules.ClockSkewSeconds ?? 60).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The rules as REST takes them, all members; or what cannot be read as what it should be, at its field.</summary>
    public (JsonObject? Rules, Fault? Fault) Write()
    {
        var places = new List<FaultPlace>();
        var rules = new JsonObject
        {
            ["issuer"] = Text(Issuer),
            ["jwksUrl"] = FromUrl ? Text(JwksUrl) : null,
            ["jwks"] = FromUrl ? null : Keys(places),
            ["audiences"] = List(Audiences),
            ["scopes"] = List(Scopes),
            ["scopeClaim"] = Text(ScopeClaim),
            ["claims"] = Pairs(places),
            ["clientIdClaim"] = Text(ClientIdClaim),
            ["clockSkewSeconds"] = Skew(places),
        };
        return places.Count == 0 ? (rules, null) : (null, new Fault(400, "The rules cannot be read.") { Places = places });
    }

    /// <summary>The same by command line; only what is filled in.</summary>
    public string Options()
    {
        List<(string Option, string Value)> options = [("issuer", Issuer.Trim())];
        options.Add(FromUrl ? ("jwks-url", JwksUrl.Trim()) : ("jwks", "keys.json"));
        options.AddRange(Split(Audiences).Select(audience => ("audience", audience)));
        options.AddRange(Split(Scopes).Select(scope => ("scope", scope)));
        options.Add(("scope-claim", ScopeClaim.Trim()));
        options.AddRange(Lines(Claims).Select(claim => ("claim", claim)));
        options.Add(("client-id-claim", ClientIdClaim.Trim()));
        if (ClockSkew.Trim() is { Length: > 0 } skew and not "60") options.Add(("clock-skew", skew + "s"));
        return string.Concat(options.Where(option => option.Value.Length > 0).Select(option => $" \\\n  --{option.Option} {option.Value}"));
    }

    private static JsonNode? Text(string text) => text.Trim() is { Length: > 0 } given ? given : null;

    private static JsonArray? List(string text) => Split(text) is { Length: > 0 } items ? [.. items.Select(item => (JsonNode)item)] : null;

    private static string[] Split(string text) => text.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private JsonNode? Keys(List<FaultPlace> places)
    {
        try
        {
            if (JsonNode.Parse(Jwks) is { } keys) return keys;
            places.Add(new FaultPlace("/oAuth2/jwks", "Paste the key set: an object with the list 'keys'."));
        }
        catch (JsonException slip)
        {
            places.Add(new FaultPlace("/oAuth2/jwks", Jwks.Trim().Length == 0 ? "Paste the key set: an object with the list 'keys'." : $"This is no JSON: line {slip.LineNumber + 1}, byte {slip.BytePositionInLine + 1}."));
        }

        return null;
    }

    private JsonObject? Pairs(List<FaultPlace> places)
    {
        var claims = new JsonObject();
        foreach (var line in Lines(Claims))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at) claims[line[..at].Trim()] = line[(at + 1)..].Trim();
            else places.Add(new FaultPlace("/oAuth2/claims", $"'{line}' is not of the form name=value."));
        }

        return claims.Count == 0 ? null : claims;
    }

    private JsonNode? Skew(List<FaultPlace> places)
    {
        if (ClockSkew.Trim().Length == 0) return null;
        if (int.TryParse(ClockSkew.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)) return seconds;
        places.Add(new FaultPlace("/oAuth2/clockSkewSeconds", "Give 0 to 600 whole seconds."));
        return null;
    }
}
