using Microsoft.AspNetCore.Authentication;

namespace Peregrine.Hosting.Authentication;

public sealed class ApiKeyAuthenticationOptions : AuthenticationSchemeOptions;
