namespace Peregrine.Designing.ApiServices.Access;

/// <summary>A new key of an API service.</summary>
/// <param name="Secret">Shown this once; only its hash is kept.</param>
public sealed record GeneratedKey(ServiceKey Key, string Secret);
