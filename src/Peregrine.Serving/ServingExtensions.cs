using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Files;
using Peregrine.Hosting;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Health;
using Peregrine.Hosting.Telemetry;
using Peregrine.Hosting.Tls;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Verification;
using Peregrine.Serving.Access;
using Peregrine.Serving.Admin;
using Peregrine.Serving.Bulk;
using Peregrine.Serving.Changes;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Explanations;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Importing;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.OpenInference;
using Peregrine.Serving.OpenInference.Grpc;
using Peregrine.Serving.OpenInference.Rest;
using Peregrine.Serving.OpenApi;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.QueryLog;
using Peregrine.Serving.RateLimits;
using Peregrine.Serving.Shadows;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Switching;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving;

/// <summary>Makes a web application an API node.</summary>
public static class ServingExtensions
{
    /// <summary>The engine of the API node. It expects <c>AddNodeDefaults</c> beside it.</summary>
    /// <remarks>The user API is put in front of the whole pipeline, so the order of <c>Use</c> calls does not matter to it.</remarks>
    public static IServiceCollection AddServing(this IServiceCollection services, Action<ServingOptions>? configure = null)
    {
        var options = services.AddOptions<ServingOptions>().BindConfiguration(ServingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(EndpointKinds.All);
        services.TryAddSingleton<PackageVerifier>();
        services.TryAddSingleton(provider => AdminKeyStore.Open(
            Path.Combine(provider.GetRequiredService<IOptions<ServingOptions>>().Value.DataDirectory, "keys.json"), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<FileLayer>()));
        services.AddApiKeyAuthentication(provider => provider.GetRequiredService<AdminKeyStore>());
        AddEngine(services);
        services.AddDrift();
        services.AddOptions<SchemaOptions>().BindConfiguration(SchemaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ExplanationOptions>().BindConfiguration(ExplanationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ExplanationPreparer>();
        services.AddHostedService(provider => provider.GetRequiredService<ExplanationPreparer>());

        services.AddLimits();
        services.AddRateLimits();
        services.AddTls(ServingTls.Node, ServingTls.NodeSection).AddTls(ServingTls.Admin, ServingTls.AdminSection);
        LeanServer(services);
        PredictionServer.PutInFront(services);
        services.AddSingleton<IReadinessCondition>(provider => provider.GetRequiredService<NodeHealth>());
        services.AddTransient<IStartupFilter, UserApiFirst>();
        services.AddOptions<NodeOptions>().PostConfigure<IOptions<ServingOptions>>(
            (node, serving) => node.NotAliveFile ??= Path.Combine(serving.Value.DataDirectory, "apinode-not-alive.txt"));
        services.AddQueryLog();
        services.AddHostedService<ServingStartup>();
        services.AddHostedService<ThreadKeeper>();
        return services;
    }

    /// <summary>Maps the admin API. Call it after <c>UseNodeDefaults</c>.</summary>
    public static WebApplication UseServing(this WebApplication app)
    {
        app.MapServingAdmin();
        app.MapOpenInference();
        app.MapGrpcInference();
        return app;
    }

    /// <summary>This category's request lines are off on every node; while it is on at all, each request makes an Activity for them.</summary>
    private static void LeanServer(IServiceCollection services) => services.Configure<LoggerFilterOptions>(
        filters => filters.Rules.Add(new LoggerFilterRule(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None, null)));

    private static void AddEngine(IServiceCollection services)
    {
        services.AddSingleton<ServingMetrics>();
        services.AddSingleton<IMetricsSource, StageMetrics>();
        services.AddSingleton<ISeriesFilter, GenerationsThere>();
        services.AddHostedService<GenerationMetrics>();
        services.AddSingleton<RecentLatency>();
        services.AddHostedService(provider => provider.GetRequiredService<RecentLatency>());
        services.AddSingleton<QueryLogLine>();
        services.AddSingleton<PredictionEngine>();
        services.AddSingleton<BesideRequests>();
        services.AddSingleton<UserApi>();
        services.AddSingleton<PredictionIntake>();
        services.AddSingleton<PredictionAnswers>();
        services.AddSingleton<SimplePrediction>();
        services.AddSingleton<PredictionScorer>();
        services.AddKinds();
        services.AddOpenInference();
        services.AddOptions<BulkOptions>().BindConfiguration(BulkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BulkApi>();
        services.AddSingleton<AdminCallers>();
        services.AddAccess();
        services.AddSingleton<UnusualPaths>();
        services.AddSingleton<ServiceDocuments>();
        services.AddSingleton<DocumentAnswers>();
        services.AddSingleton<NodeState>();
        services.AddChanges();
        services.AddSwitching();
        services.AddImporting();
        services.AddShadows();
        services.AddSingleton<NodeHealth>();
        services.AddSingleton<NodeDescription>();
        services.AddSingleton<ImportFolders>();
    }

    private sealed class UserApiFirst : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<PredictionMiddleware>();
            next(app);
        };
    }
}
