using Microsoft.Extensions.DependencyInjection;
using Peregrine.Hosting.Health;
using Peregrine.Serving.Access.Keys;

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
        services.AddSingleton<AccessControl>();
        services.AddSingleton<IReadinessCondition, ServiceKeyHealth>();
        return services;
    }
}
