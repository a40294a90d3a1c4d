using Peregrine.Designing.ApiServices.Access;
using Peregrine.Web.Text;

namespace Peregrine.Web.ApiDesigner.Access;

/// <summary>What a key opens and until when, in words.</summary>
public static class KeyWords
{
    public static string Opens(ServiceKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Endpoints is { } endpoints ? $"opens {string.Join(", ", endpoints)} only" : "opens every endpoint";
    }

    public static string Ends(ServiceKey key, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Expiry is not { } expiry) return "never ends";
        return $"{(key.IsExpired(now) ? "ended" : "ends")} {Figures.Exact(expiry)[..16]} UTC";
    }
}
