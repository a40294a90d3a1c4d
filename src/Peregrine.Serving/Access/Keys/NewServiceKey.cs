namespace Peregrine.Serving.Access.Keys;

/// <summary>A key just made. The secret is told here and never again.</summary>
internal sealed record NewServiceKey(StoredServiceKey Key, string Secret);
