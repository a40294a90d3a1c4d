using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Peregrine.Serving.Kinds.Caching;
using Peregrine.Serving.Kinds.Lookup;

namespace Peregrine.Serving.Kinds;

/// <summary>Registers the kinds of endpoints that are no predictions, and what they share.</summary>
internal static class KindExtensions
{
    public static IServiceCollection AddKinds(this IServiceCollection services)
    {
        services.AddOptions<ResponseCacheOptions>().BindConfiguration(ResponseCacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<KindEngine>();
        services.AddSingleton<KindIntake>();
        services.AddSingleton<KindLoader>();
        services.AddHostedService<CacheMetrics>();

        // One line for each kind.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServedKind, LookupKind>());
        return services;
    }
}
