using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Peregrine.Commands;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary><c>service oauth2</c>: the signed tokens that open a service.</summary>
internal static class ServiceTokenVerbs
{
    private static readonly (string Option, string Member)[] s_clearable =
    [
        ("audience", "audiences"), ("scope", "scopes"), ("scope-claim", "scopeClaim"), ("claim", "claims"), ("client-id-claim", "clientIdClaim"),
    ];

    public static Command Create() => ClientVerb.Group(
        "oauth2", "Signed tokens (JWT) that open a service. The rules hold from the next package that is deployed.", SetVerb(), ShowVerb());

    private static Command ShowVerb()
    {
        var (project, service) = Service();
        var json = ClientVerb.Json();
        return ClientVerb.Create("show", "Show which tokens open a service.", [project, service, json], async (client, parsed, cancellationToken) =>
            Tell(await client.ServiceAccess.GetAsync(parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), cancellationToken), parsed.GetValue(json)));
    }

    private static Command SetVerb()
    {
        var (project, service) = Service();
        var issuer = ClientVerb.Option("--issuer", "What a token's 'iss' must be, letter by letter.", "TEXT");
        var url = ClientVerb.Option("--jwks-url", "Where the issuer publishes its keys: https, or http to this machine.", "URL");
        var file = ClientVerb.Option("--jwks", "A file with the issuer's public keys (RFC 7517), in place of --jwks-url.", "FILE");
        var audiences = Many("--audience", "One of these must be in 'aud'; give it again for more.", "TEXT");
        var scopes = Many("--scope", "All of these must be in the token's scope; give it again for more.", "TEXT");
        var scopeClaim = ClientVerb.Option("--scope-claim", "Claim that holds the scope. Default: scope, else scp.", "NAME");
        var claims = Many("--claim", "A claim that must have just this value; give it again for more.", "NAME=VALUE");
        var clientClaim = ClientVerb.Option("--client-id-claim", "Claim that names the caller in logs. Default: azp, client_id, appid or sub.", "NAME");
        var skew = ClientVerb.Option("--clock-skew", "By how much the clocks of issuer and node may differ, 0s to 10m. Default: 60s.", "TIME");
        var clear = Many("--clear", $"A rule to take away: {string.Join(", ", s_clearable.Select(rule => rule.Option))}.", "RULE");
        clear.AcceptOnlyFromAmong([.. s_clearable.Select(rule => rule.Option)]);
        var json = ClientVerb.Json();
        return ClientVerb.Create(
            "set", "Open a service to holders of signed tokens, and say which; rules that are not given stay.",
            [project, service, issuer, url, file, audiences, scopes, scopeClaim, claims, clientClaim, skew, clear, json], async (client, parsed, cancellationToken) =>
            {
                var rules = new JsonObject();
                foreach (var name in parsed.GetValue(clear) ?? []) rules[s_clearable.First(rule => rule.Option == name).Member] = null;
                Put(rules, "issuer", parsed.GetValue(issuer));
                PutKeys(rules, parsed.GetValue(url), parsed.GetValue(file));
                Put(rules, "audiences", parsed.GetValue(audiences));
                Put(rules, "scopes", parsed.GetValue(scopes));
                Put(rules, "scopeClaim", parsed.GetValue(scopeClaim));
                PutClaims(rules, parsed.GetValue(claims), claims.Name);
                Put(rules, "clientIdClaim", parsed.GetValue(clientClaim));
                if (Moments.Length(parsed.GetValue(skew), skew.Name) is { } length) rules["clockSkewSeconds"] = (long)length.TotalSeconds;
                var changes = new JsonObject { ["authMethod"] = "OAUTH2", ["oAuth2"] = rules };
                Tell(await client.ServiceAccess.ChangeAsync(parsed.GetRequiredValue(project), parsed.GetRequiredValue(service), changes, cancellationToken), parsed.GetValue(json));
            });
    }

    /// <summary>The keys come from one of two places, so the other is cleared.</summary>
    private static void PutKeys(JsonObject rules, string? url, string? file)
    {
        if (url is not null && file is not null) throw new UsageException("--jwks-url and --jwks are two places for the same keys; give one.");
        if (url is not null) (rules["jwksUrl"], rules["jwks"]) = (url, null);
        if (file is not null) (rules["jwksUrl"], rules["jwks"]) = (null, JsonFile.Read(file));
    }

    private static void PutClaims(JsonObject rules, string[]? given, string option)
    {
        if (given is not { Length: > 0 }) return;
        var claims = new JsonObject();
        foreach (var claim in given)
            claims[claim.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? claim[..at] : throw new UsageException($"{option} '{claim}' is not of the form NAME=VALUE.")] = claim[(at + 1)..];
        rules["claims"] = claims;
    }

    private static void Put(JsonObject rules, string member, string? text)
    {
        if (text is not null) rules[member] = text;
    }

    private static void Put(JsonObject rules, string member, string[]? texts)
    {
        if (texts is { Length: > 0 }) rules[member] = new JsonArray([.. texts.Select(text => (JsonNode)text)]);
    }

    private static void Tell(JsonObject access, bool json)
    {
        if (json)
        {
            Output.Json(access);
            return;
        }

        var rules = (access["oAuth2"] as JsonObject ?? []).Select(rule => new[] { rule.Key, Text(rule.Value) });
        Output.Table(["SETTING", "VALUE"], rules.Prepend(["authMethod", Text(access["authMethod"])]));
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join(", ", list.Select(Text)),
        JsonObject members when members["keys"] is JsonArray keys => $"{keys.Count} keys",
        JsonObject members => string.Join(", ", members.Select(member => $"{member.Key}={Text(member.Value)}")),
        _ => value.ToString(),
    };

    private static Option<string[]> Many(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static (Argument<string> Project, Argument<string> Service) Service() =>
        (ClientVerb.Argument("PROJECT", "Key of the project."), ClientVerb.Argument("SERVICE", "Id of the service."));
}
