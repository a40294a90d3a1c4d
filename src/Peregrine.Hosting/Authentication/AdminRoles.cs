namespace Peregrine.Hosting.Authentication;

/// <summary>Roles as people write them.</summary>
public static class AdminRoles
{
    public static string NameOf(AdminRole role) => role switch { AdminRole.Deployer => "deployer", AdminRole.Operator => "operator", _ => "reader" };

    /// <summary>Null when there is no such role.</summary>
    public static AdminRole? Parse(string text) => text switch { "deployer" => AdminRole.Deployer, "operator" => AdminRole.Operator, "reader" => AdminRole.Reader, _ => null };

    /// <summary>Whether who holds one role may do what another is needed for.</summary>
    public static bool Covers(this AdminRole held, AdminRole needed) => held <= needed;
}
