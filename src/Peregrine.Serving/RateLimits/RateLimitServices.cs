using Microsoft.Extensions.DependencyInjection;
using Peregrine.Hosting.Health;

namespace Peregrine.Serving.RateLimits;

/// <summary>Registers rate limits and quotas.</summary>
internal static class RateLimitServices
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RateLimitStore>();
        services.AddSingleton<RateLimiter>();
        services.AddSingleton<IReadinessCondition, RateLimitHealth>();
        services.AddHostedService<QuotaKeeper>();
        return services;
    }
}
