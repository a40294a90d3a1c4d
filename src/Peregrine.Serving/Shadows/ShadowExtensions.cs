using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Serving.Shadows;

internal static class ShadowExtensions
{
    public static IServiceCollection AddShadows(this IServiceCollection services)
    {
        services.AddOptions<ShadowOptions>().BindConfiguration(ShadowOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ShadowQueue>();
        services.AddSingleton<ShadowBoard>();
        services.AddSingleton<ShadowMetrics>();
        services.AddSingleton<ShadowScorer>();
        services.AddHostedService<ShadowWorker>();
        return services;
    }
}
