using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Datasets.Storage;
using Peregrine.Designing.ApiServices;
using Peregrine.Designing.ApiServices.Access;
using Peregrine.Designing.ApiServices.Lookups;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.Lab;
using Peregrine.Designing.Projects;
using Peregrine.Designing.SavedModels;
using Peregrine.Designing.Store;
using Peregrine.Hosting.Futures;
using Peregrine.Packages.Blobs;
using Peregrine.Training;

namespace Peregrine.Designing;

public static class DesigningServices
{
    /// <summary>Adds the Design node: store, projects, datasets, lab, saved models, API Designer. A bad option stops the start.</summary>
    public static IServiceCollection AddDesigning(this IServiceCollection services, Action<DesigningOptions> configure)
    {
        services.AddOptions<DesigningOptions>().BindConfiguration(DesigningOptions.Section).Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DesigningOptions>, DesigningOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddFutures();
        services.AddDesignStore();
        services.AddSingleton<ProjectService>();
        services.AddSingleton(Files);
        services.AddSingleton<DatasetService>();
        services.AddSingleton<StreamingSessions>();
        services.AddLab();
        services.AddSingleton(provider => new SavedModelService(
            provider.GetRequiredService<IDbContextFactory<DesignDbContext>>(), provider.GetRequiredService<BlobStore>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddApiServices();
        services.AddHostedService<DesigningStartup>();
        return services;
    }

    private static void AddLab(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new BlobStore(
            provider.GetRequiredService<IOptions<DesigningOptions>>().Value.BlobDirectory, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Trainer>();
        services.AddSingleton<LookupTables>();
        services.AddSingleton<TaskGuess>();
        services.AddSingleton<TrainingQueue>();
        services.AddSingleton<TrainingRun>();
        services.AddSingleton(provider => new LabService(
            provider.GetRequiredService<IDbContextFactory<DesignDbContext>>(), provider.GetRequiredService<DatasetService>(),
            provider.GetRequiredService<TaskGuess>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new TrainingService(
            provider.GetRequiredService<IDbContextFactory<DesignDbContext>>(), provider.GetRequiredService<LabService>(),
            provider.GetRequiredService<TrainingQueue>(), provider.GetRequiredService<TrainingRun>(),
            provider.GetRequiredService<FutureRegistry>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddApiServices(this IServiceCollection services)
    {
        services.AddHttpClient<DeployerPublisher>(
            (provider, http) => http.Timeout = provider.GetRequiredService<IOptions<DesigningOptions>>().Value.DeployerTimeout);
        services.AddSingleton<LookupRows>();
        services.AddSingleton(provider => new ApiServiceDesigner(
            provider.GetRequiredService<IDbContextFactory<DesignDbContext>>(), provider.GetRequiredService<SavedModelService>(),
            provider.GetRequiredService<LookupRows>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ServiceAccess(
            provider.GetRequiredService<ApiServiceDesigner>(), provider.GetRequiredService<IOptions<DesigningOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddTransient(provider => new ServicePackages(
            provider.GetRequiredService<IDbContextFactory<DesignDbContext>>(), provider.GetRequiredService<ApiServiceDesigner>(),
            provider.GetRequiredService<LookupRows>(), provider.GetRequiredService<DeployerPublisher>(), provider.GetRequiredService<BlobStore>(),
            provider.GetRequiredService<IOptions<DesigningOptions>>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ServicePackages>>()));
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
