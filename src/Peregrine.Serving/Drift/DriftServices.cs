using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Drift;

internal static class DriftServices
{
    public static IServiceCollection AddDrift(this IServiceCollection services)
    {
        services.AddOptions<DriftOptions>().BindConfiguration(DriftOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DriftOptions>, DriftOptionsValidator>());
        services.AddSingleton<DriftSketches>();
        services.AddSingleton<DriftReader>();
        services.AddSingleton<DriftMetrics>();
        services.AddHostedService<DriftCollector>();
        return services;
    }
}
