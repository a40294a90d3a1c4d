namespace Peregrine.Web.ApiDesigner;

internal static class AuthWords
{
    public static string Of(string method) => method switch
    {
        "PUBLIC" => "everybody",
        "API_KEYS" => "holders of a key",
        "OAUTH2" => "holders of a signed token",
        _ => method.ToLowerInvariant(),
    };
}
