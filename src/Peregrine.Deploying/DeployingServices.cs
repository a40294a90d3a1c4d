using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Deploying.Board;
using Peregrine.Deploying.Changes;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Drift;
using Peregrine.Deploying.Health;
using Peregrine.Deploying.Infrastructures;
using Peregrine.Deploying.Keys;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.RateLimits;
using Peregrine.Deploying.Reconcile;
using Peregrine.Deploying.Services;
using Peregrine.Deploying.Shadows;
using Peregrine.Deploying.Stages;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Testing;
using Peregrine.Deploying.Updates;
using Peregrine.Hosting.Futures;
using Peregrine.Packages.Blobs;
using Polly;

namespace Peregrine.Deploying;

public static class DeployingServices
{
    /// <summary>
    /// Adds the API Deployer. The host says where ASP.NET keeps its data-protection keys: without them the stored keys of nodes
    /// cannot be read again.
    /// </summary>
    public static IServiceCollection AddDeploying(this IServiceCollection services, Action<DeployingOptions> configure)
    {
        services.AddOptions<DeployingOptions>().BindConfiguration(DeployingOptions.Section).Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DeployingOptions>, DeployingOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddDataProtection();
        services.AddFutures();
        services.AddDbContextFactory<DeployerDbContext>(UseStore);
        services.AddHostedService<DeployerStore>();
        services.AddNodeClient();
        services.AddEngine();
        services.AddApplicationServices();
        services.AddHostedService<ReconcileLoop>();
        return services;
    }

    private static void UseStore(IServiceProvider provider, DbContextOptionsBuilder db)
    {
        var options = provider.GetRequiredService<IOptions<DeployingOptions>>().Value;
        if (options.ConnectionString is { } connection)
            db.UseNpgsql(connection);
        else
            db.UseSqlite($"Data Source={Path.Combine(options.DataDirectory, "deployer.db")}").AddInterceptors(new SqliteSession());
    }

    /// <summary>Only safe methods are repeated at once; everything else is repeated by the next round of reconciliation.</summary>
    private static void AddNodeClient(this IServiceCollection services) => services
        .AddSingleton<NodeConnections>()
        .AddLogging(logging => logging.AddFilter("Polly", LogLevel.Error)) // a node that is down would fill the log with retries
        .AddHttpClient<ApiNodeClient>(http => http.Timeout = Timeout.InfiniteTimeSpan) // each call has its own
        .RemoveAllLoggers() // nodes are asked every few seconds; what goes wrong is told by the call itself
        .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<NodeConnections>().CreateHandler())
        .AddResilienceHandler("node", pipeline =>
        {
            var retry = new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = 2, Delay = TimeSpan.FromMilliseconds(100), BackoffType = DelayBackoffType.Exponential, UseJitter = true,
            };
            retry.DisableForUnsafeHttpMethods();
            pipeline.AddRetry(retry);
        });

    private static void AddEngine(this IServiceCollection services)
    {
        services.AddSingleton<DeployerEvents>();
        services.AddSingleton<IDeployerEvents>(provider => provider.GetRequiredService<DeployerEvents>());
        services.AddSingleton(provider => new PackageArchives(new BlobStore(
            provider.GetRequiredService<IOptions<DeployingOptions>>().Value.BlobDirectory, provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton<NodeKeyProtector>();
        services.AddSingleton<PublishedPackages>();
        services.AddSingleton<DeploymentPlans>();
        services.AddSingleton<NodeReader>();
        services.AddSingleton<NodeObserver>();
        services.AddSingleton<HealthBoard>();
        services.AddSingleton<DeploymentInspector>();
        services.AddSingleton<UpdateJournal>();
        services.AddSingleton<DeploymentLocks>();
        services.AddSingleton<PackageDelivery>();
        services.AddSingleton<KeyDelivery>();
        services.AddSingleton<NodeRollout>();
        services.AddSingleton<DeploymentUpdater>();
        services.AddSingleton<DeploymentRemover>();
        services.AddSingleton<Reconciler>();
    }

    /// <summary>The application services: pages, REST calls and the command line all go through them.</summary>
    private static void AddApplicationServices(this IServiceCollection services)
    {
        services.AddSingleton(provider => new StageService(provider.Contexts(), provider.GetRequiredService<DeployerEvents>()));
        services.AddSingleton(provider => new InfrastructureService(
            provider.Contexts(), provider.GetRequiredService<NodeKeyProtector>(), provider.GetRequiredService<DeployerEvents>()));
        services.AddSingleton(provider => new PublishedServiceCatalog(
            provider.Contexts(), provider.GetRequiredService<PackageArchives>(), provider.GetRequiredService<DeployerEvents>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<DeployingOptions>>()));
        services.AddSingleton(provider => new DeploymentService(
            provider.Contexts(), provider.GetRequiredService<DeploymentPlans>(), provider.GetRequiredService<DeploymentInspector>(),
            provider.GetRequiredService<DeploymentUpdater>(), provider.GetRequiredService<DeploymentRemover>(),
            provider.GetRequiredService<UpdateJournal>(), provider.GetRequiredService<DeployerEvents>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DeploymentTester(
            provider.GetRequiredService<DeploymentPlans>(), provider.GetRequiredService<PublishedPackages>(),
            provider.GetRequiredService<ApiNodeClient>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DeploymentDrift(
            provider.GetRequiredService<DeploymentPlans>(), provider.GetRequiredService<ApiNodeClient>(), provider.GetRequiredService<IOptions<DeployingOptions>>()));
        services.AddSingleton(provider => new DeploymentLimits(
            provider.GetRequiredService<DeploymentPlans>(), provider.GetRequiredService<ApiNodeClient>(), provider.GetRequiredService<IOptions<DeployingOptions>>()));
        services.AddSingleton(provider => new DeploymentShadowing(
            provider.GetRequiredService<DeploymentPlans>(), provider.GetRequiredService<ApiNodeClient>(), provider.GetRequiredService<IOptions<DeployingOptions>>()));
        services.AddSingleton(provider => new DeploymentKeyService(
            provider.Contexts(), provider.GetRequiredService<DeploymentPlans>(), provider.GetRequiredService<KeyDelivery>(), provider.GetRequiredService<ApiNodeClient>(),
            provider.GetRequiredService<DeployerEvents>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<DeployingOptions>>()));
        services.AddSingleton(provider => new BoardService(provider.Contexts(), provider.GetRequiredService<HealthBoard>()));
    }

    private static IDbContextFactory<DeployerDbContext> Contexts(this IServiceProvider provider) =>
        provider.GetRequiredService<IDbContextFactory<DeployerDbContext>>();
}
