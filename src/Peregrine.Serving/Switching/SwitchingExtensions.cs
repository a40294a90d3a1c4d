using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Serving.Switching;

internal static class SwitchingExtensions
{
    public static IServiceCollection AddSwitching(this IServiceCollection services)
    {
        services.AddOptions<SwitchingOptions>().BindConfiguration(SwitchingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SwitchChanges>();
        services.AddHostedService<SwitchExpiry>();
        return services;
    }
}
