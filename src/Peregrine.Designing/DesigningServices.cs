using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Peregrine.Datasets.Storage;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.Projects;
using Peregrine.Designing.Store;
using Peregrine.Hosting.Futures;

namespace Peregrine.Designing;

public static class DesigningServices
{
    /// <summary>Adds the Design node: store, projects, datasets, lab, saved models, API Designer. A bad option stops the start.</summary>
    public static IServiceCollection AddDesigning(this IServiceCollection services, Action<DesigningOptions> configure)
    {
        services.AddOptions<DesigningOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DesigningOptions>, DesigningOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddFutures();
        services.AddDesignStore();
        services.AddSingleton<ProjectService>();
        services.AddSingleton(Files);
        services.AddSingleton<DatasetService>();
        services.AddSingleton<StreamingSessions>();
        services.AddHostedService<DesigningStartup>();
        return services;
    }

    private static DatasetStore Files(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<DesigningOptions>>().Value;
        return new DatasetStore(
            new DatasetStoreOptions
            {
                Root = Path.Combine(options.DataDirectory, "datasets"),
                MaxUploadBytes = options.MaxUploadBytes,
                CachedTables = options.CachedTables,
            },
            provider.GetRequiredService<TimeProvider>());
    }
}
