using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Peregrine.Hosting.Futures;

public static class FuturesServices
{
    /// <summary>Adds the one <see cref="FutureRegistry"/> of the process; every engine with long jobs calls this.</summary>
    public static IServiceCollection AddFutures(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(FutureRegistry)))
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<FutureOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<FuturesMarker>();
        services.AddSingleton<FutureRegistry>();
        services.AddHostedService(provider => provider.GetRequiredService<FutureRegistry>());
        return services;
    }
}
