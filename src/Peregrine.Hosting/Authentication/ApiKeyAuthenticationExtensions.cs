using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Peregrine.Hosting.Authentication;

public static class ApiKeyAuthenticationExtensions
{
    /// <summary>Adds scheme and policy "ApiKey" over <paramref name="keys"/>; cookies or other schemes can stand beside it.</summary>
    public static AuthenticationBuilder AddApiKeyAuthentication(this IServiceCollection services, AdminKeyStore keys)
    {
        services.TryAddSingleton(keys);
        return services.AddApiKeyAuthentication(provider => provider.GetRequiredService<AdminKeyStore>());
    }

    /// <inheritdoc cref="AddApiKeyAuthentication(IServiceCollection, AdminKeyStore)"/>
    public static AuthenticationBuilder AddApiKeyAuthentication(
        this IServiceCollection services, Func<IServiceProvider, IApiKeyDirectory> keys)
    {
        services.TryAddSingleton(keys);
        services.TryAddSingleton<AuthenticationMetrics>();
        services.AddAuthorizationBuilder().AddPolicy(
            ApiKeyDefaults.Policy, policy => policy.AddAuthenticationSchemes(ApiKeyDefaults.Scheme).RequireAuthenticatedUser());
        // Not AddAuthentication: keys need none of the data protection that comes with it, which makes key files in the home directory and reads them at each start.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        return new AuthenticationBuilder(services)
            .AddScheme<ApiKeyAuthenticationOptions, ApiKeyAuthenticationHandler>(ApiKeyDefaults.Scheme, null);
    }

    /// <summary>Lets only callers with a valid key through; a cookie alone does not do.</summary>
    public static TBuilder RequireApiKey<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(ApiKeyDefaults.Policy);
}
