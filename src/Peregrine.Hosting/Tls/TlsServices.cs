using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Health;

namespace Peregrine.Hosting.Tls;

/// <summary>Registers TLS. Ports use it through <see cref="TlsListening.ListenNode"/>.</summary>
public static class TlsServices
{
    /// <summary>Settings of TLS under a name.</summary>
    /// <param name="path">Section of the configuration, such as <c>Serving:Tls</c>.</param>
    public static IServiceCollection AddTls(this IServiceCollection services, string name, string path)
    {
        services.AddSingleton(new TlsSection(name, path));
        services.AddOptions<TlsOptions>(name).BindConfiguration(path).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TlsOptions>, TlsOptionsRules>());
        services.TryAddSingleton<TlsMetrics>();
        services.TryAddSingleton<TlsStates>();
        services.AddHostedService<TlsReloader>();
        return services;
    }

    /// <summary>Whether ports with these settings speak TLS.</summary>
    public static bool HasTls(this IServiceProvider services, string name) => services.GetService<TlsStates>()?.Choose(name) is not null;

    /// <summary>Says which ports are open, and refuses callers for their certificates ahead of everything else.</summary>
    internal static void AddPorts(this IServiceCollection services)
    {
        services.AddSingleton<Ports>();
        services.AddSingleton(provider => new RefusedCallers(provider.GetService<TlsStates>()));
        services.AddSingleton<IReadinessCondition>(provider => provider.GetRequiredService<Ports>());
        services.AddTransient<IStartupFilter, RefusalFirst>();
    }

    private sealed class RefusalFirst(RefusedCallers refused) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            if (refused.MayBe) app.UseMiddleware<RefusedCallerMiddleware>();
            next(app);
        };
    }
}
