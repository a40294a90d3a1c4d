using Microsoft.IdentityModel.Tokens;

namespace Peregrine.Serving.Access.Tokens;

/// <summary>A public key of an issuer with the algorithms that it may be used for: none of another family, so a token cannot choose how its signature is read.</summary>
internal sealed record SigningKey(string? KeyId, SecurityKey Key, IReadOnlyList<string> Algorithms);
