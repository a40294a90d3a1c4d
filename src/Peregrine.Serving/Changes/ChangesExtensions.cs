using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Peregrine.Contracts.Files;
using Peregrine.Serving.Generations;

namespace Peregrine.Serving.Changes;

internal static class ChangesExtensions
{
    /// <summary>All that changes what the node serves and keeps on its disk.</summary>
    public static IServiceCollection AddChanges(this IServiceCollection services)
    {
        services.TryAddSingleton(FileLayer.Disk);
        services.AddSingleton<ServiceStore>();
        services.AddSingleton<GenerationLoader>();
        services.AddSingleton<GenerationLife>();
        services.AddSingleton<SnapshotBuilder>();
        services.AddSingleton<ChangeGate>();
        services.AddSingleton<NodeStart>();
        services.AddSingleton<ServiceChanges>();
        services.AddSingleton<GenerationChanges>();
        return services;
    }
}
