using System.Text.Json;

namespace Peregrine.Packages.Manifests;

/// <summary>What the rules about tokens must obey themselves; pointers are into the manifest.</summary>
public static class OAuth2Rules
{
    private const string Where = "/authorization/oAuth2";

    public static IEnumerable<PackageFault> Check(ServiceOAuth2? rules)
    {
        if (rules is null)
        {
            yield return Bad("", "The service takes OAuth2 tokens, but does not say which.", "Give issuer and jwksUrl.");
            yield break;
        }

        if (string.IsNullOrWhiteSpace(rules.Issuer)) yield return Bad("/issuer", "No issuer is named.", "Give the 'iss' of its tokens.");
        if (rules.JwksUrl is null == rules.Jwks is null) yield return Bad("/jwksUrl", "The issuer's keys come either from 'jwksUrl' or from 'jwks'.", "Give one of the two.");
        if (rules.JwksUrl is { } url && !IsFetchable(url)) yield return Bad("/jwksUrl", $"Keys cannot be fetched safely from '{url}'.", "Give an https URL; http is taken for this machine only.");
        if (rules.Jwks is { } keys && !(keys.ValueKind == JsonValueKind.Object && keys.TryGetProperty("keys", out var list) && list.ValueKind == JsonValueKind.Array))
            yield return Bad("/jwks", "This is no set of keys.", "Give an object with the list 'keys', as RFC 7517 has it.");
        if (rules.Audiences is { Count: 0 }) yield return Bad("/audiences", "The list of audiences is empty, so no token would do.", "Name one, or leave it out.");
        if (rules.ClockSkewSeconds is < 0 or > 600) yield return Bad("/clockSkewSeconds", "The difference of clocks is out of range.", "Give 0 to 600 seconds.");
    }

    private static bool IsFetchable(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttps || (parsed.Scheme == Uri.UriSchemeHttp && parsed.IsLoopback));

    private static PackageFault Bad(string member, string what, string remedy) => new(PackageFaultCode.BadManifest, Where + member, what, remedy);
}
