using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Serving.Limits;

/// <summary>Registers what guards the node against too much.</summary>
internal static class LimitServices
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LimitMetrics>();
        services.AddSingleton<AdmissionGate>();
        services.AddSingleton<ScoringQueue>();
        services.AddSingleton<RequestDeadline>();
        services.AddSingleton<Admission>();
        return services;
    }
}
