using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Manifests;

namespace Peregrine.Designing.ApiServices.Access;

/// <summary>The member <c>oAuth2</c> of a service's settings: which signed tokens open it, in the manifest's words.</summary>
internal static class OAuth2Settings
{
    public const string Member = "oAuth2";
    public const int DefaultSkew = 60;
    private const string Pointer = "/" + Member;
    private const string ManifestPointer = "/authorization" + Pointer;

    public static JsonObject Default() => new()
    {
        ["issuer"] = null, ["jwksUrl"] = null, ["jwks"] = null, ["audiences"] = null, ["scopes"] = null, ["scopeClaim"] = null, ["claims"] = null,
        ["clientIdClaim"] = null, ["clockSkewSeconds"] = DefaultSkew,
    };

    /// <summary>Fills what a client did not send and checks the rest; changes <paramref name="settings"/>.</summary>
    /// <param name="isUsed">Whether the service takes tokens: then the rules must be whole.</param>
    public static void Complete(JsonObject settings, bool isUsed, List<ApiErrorItem> faults)
    {
        if (settings[Member] is null) settings[Member] = new JsonObject();
        if (settings[Member] is not JsonObject given)
        {
            AccessMembers.Bad(faults, Pointer, Member, "is an object such as {\"issuer\":\"https://login.example.com/\",\"jwksUrl\":\"https://login.example.com/jwks\"}, or null", settings[Member]);
            return;
        }

        CheckNames(given, faults);
        given.FilledFrom(Default());
        var before = faults.Count;
        var rules = Read(given, faults);
        if (faults.Count == before && isUsed) faults.AddRange(OAuth2Rules.Check(rules).Select(Item));
    }

    /// <summary>The rules as a package carries them; null while no issuer is named.</summary>
    /// <param name="settings">Checked.</param>
    public static ServiceOAuth2? Read(JsonObject settings) =>
        settings[Member] is JsonObject given && !string.IsNullOrWhiteSpace(given.String("issuer")) ? Read(given, []) : null;

    /// <summary>Puts members into the rules; those that are not given stay, null takes one away.</summary>
    public static void Apply(JsonObject changes, JsonObject settings)
    {
        var rules = settings.Child(Member);
        foreach (var (name, value) in changes) rules[name] = value?.DeepClone();
    }

    private static ServiceOAuth2 Read(JsonObject given, List<ApiErrorItem> faults) => new()
    {
        Issuer = AccessMembers.Text(given, "issuer", Pointer, faults) ?? "",
        JwksUrl = AccessMembers.Text(given, "jwksUrl", Pointer, faults),
        Jwks = Keys(given["jwks"], faults),
        Audiences = AccessMembers.Texts(given, "audiences", Pointer, faults),
        Scopes = AccessMembers.Texts(given, "scopes", Pointer, faults),
        ScopeClaim = Name(given, "scopeClaim", faults),
        Claims = Claims(given["claims"], faults),
        ClientIdClaim = Name(given, "clientIdClaim", faults),
        ClockSkewSeconds = Skew(given["clockSkewSeconds"], faults),
    };

    /// <summary>A slip such as <c>audience</c> would open the service to tokens for anybody, so no member is passed over.</summary>
    private static void CheckNames(JsonObject given, List<ApiErrorItem> faults)
    {
        var known = Default().Select(member => member.Key).ToList();
        foreach (var name in given.Select(member => member.Key).Except(known, StringComparer.Ordinal))
        {
            var meant = NearestName.Find(name, known) is { } near ? $"Did you mean '{near}'?" : $"There are {string.Join(", ", known)}.";
            faults.Add(new ApiErrorItem($"{Pointer}/{name}", "UnknownMember", $"'{name}' says nothing about tokens. {meant}"));
        }
    }

    private static string? Name(JsonObject given, string member, List<ApiErrorItem> faults)
    {
        var name = AccessMembers.Text(given, member, Pointer, faults);
        if (name is not null && string.IsNullOrWhiteSpace(name)) faults.Add(new ApiErrorItem($"{Pointer}/{member}", "NoName", $"'{member}' names no claim. Give its name, or null."));
        return name;
    }

    private static JsonElement? Keys(JsonNode? node, List<ApiErrorItem> faults)
    {
        if (node is null) return null;
        if (JwksRules.Fault(node) is { } fault) faults.Add(new ApiErrorItem($"{Pointer}/jwks", fault.Code, fault.Message));
        return JsonElement.Parse(Documents.Text(node));
    }

    private static Dictionary<string, string>? Claims(JsonNode? node, List<ApiErrorItem> faults)
    {
        if (node is null) return null;
        if (node is JsonObject claims && claims.All(claim => claim.Value is JsonValue value && value.TryGetValue<string>(out _)))
            return claims.Count == 0 ? null : claims.ToDictionary(claim => claim.Key, claim => claim.Value!.GetValue<string>(), StringComparer.Ordinal);
        AccessMembers.Bad(faults, $"{Pointer}/claims", "claims", "is an object of texts such as {\"tenant\":\"eu\"}, or null", node);
        return null;
    }

    private static int? Skew(JsonNode? node, List<ApiErrorItem> faults)
    {
        if (node is null) return null;
        if (AccessMembers.Whole(node) is >= 0 and <= 600 and var seconds) return (int)seconds;
        AccessMembers.Bad(faults, $"{Pointer}/clockSkewSeconds", "clockSkewSeconds", "is 0 to 600 whole seconds, or null", node);
        return null;
    }

    private static ApiErrorItem Item(PackageFault fault) =>
        new(fault.Where.StartsWith(ManifestPointer, StringComparison.Ordinal) ? Pointer + fault.Where[ManifestPointer.Length..] : fault.Where, "BadTokenRule", $"{fault.What} {fault.Remedy}");
}
