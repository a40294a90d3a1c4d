using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Health;
using Peregrine.Serving.Access.Admin;
using Peregrine.Serving.Access.Attempts;
using Peregrine.Serving.Access.Audit;
using Peregrine.Serving.Access.Keys;
using Peregrine.Serving.Access.Tokens;

namespace Peregrine.Serving.Access;

/// <summary>Registers who may call.</summary>
internal static class AccessExtensions
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AccessOptions>, AccessOptionsRules>());
        services.AddSingleton<CallerKeys>();
        services.AddSingleton<KeyUseFiles>();
        services.AddSingleton<ServiceKeyStore>();
        services.AddSingleton<ServiceKeyChanges>();
        services.AddSingleton<SecondClock>();
        services.AddHostedService<KeyUseKeeper>();
        services.AddSingleton<JwksSources>();
        services.AddSingleton<TokenControl>();
        services.AddSingleton(provider => new Lazy<TokenControl>(provider.GetRequiredService<TokenControl>));
        services.AddSingleton<ClientAddresses>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditFiles>();
        services.AddHostedService<AuditWriter>();
        services.AddSingleton<AccessRefusals>();
        services.AddSingleton<AccessControl>();
        services.AddSingleton<IReadinessCondition, ServiceKeyHealth>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, AdminListener>();
        services.AddTransient<IStartupFilter, AdminFirst>();
        return services;
    }

    /// <summary>Ahead of routing, so that what is refused there is seen as well.</summary>
    private sealed class AdminFirst(IOptions<AccessOptions> options) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            if (options.Value.AdminPort is not null) app.UseMiddleware<AdminPortMiddleware>();
            app.UseMiddleware<AdminAccessMiddleware>();
            next(app);
        };
    }
}
