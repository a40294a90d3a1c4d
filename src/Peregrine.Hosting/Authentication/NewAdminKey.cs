namespace Peregrine.Hosting.Authentication;

/// <summary>A key just made. The secret is told here and never again.</summary>
public sealed record NewAdminKey(AdminKey Key, string Secret);
