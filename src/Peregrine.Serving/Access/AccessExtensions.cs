using Microsoft.Extensions.DependencyInjection;
using Peregrine.Hosting.Health;
using Peregrine.Serving.Access.Keys;
using Peregrine.Serving.Access.Tokens;

namespace Peregrine.Serving.Access;

/// <summary>Registers who may call.</summary>
internal static class AccessExtensions
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CallerKeys>();
        services.AddSingleton<ServiceKeyStore>();
        services.AddSingleton<ServiceKeyChanges>();
        services.AddSingleton<JwksSources>();
        services.AddSingleton<TokenControl>();
        services.AddSingleton(provider => new Lazy<TokenControl>(provider.GetRequiredService<TokenControl>));
        services.AddSingleton<AccessControl>();
        services.AddSingleton<IReadinessCondition, ServiceKeyHealth>();
        return services;
    }
}
