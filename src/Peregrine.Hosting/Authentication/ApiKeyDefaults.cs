namespace Peregrine.Hosting.Authentication;

public static class ApiKeyDefaults
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string Scheme = "ApiKey";

    /// <summary>Name of the authorization policy that wants a valid key, whatever other schemes there are.</summary>
    public const string Policy = "ApiKey";

    /// <summary>Claim with the id of the admin key.</summary>
    public const string KeyIdClaim = "peregrine:key-id";

    /// <summary>Claim with the role of the admin key.</summary>
    public const string RoleClaim = "peregrine:role";
}
