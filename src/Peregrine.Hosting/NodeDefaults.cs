using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Draining;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Health;
using Peregrine.Hosting.Http;
using Peregrine.Hosting.Telemetry;
using Peregrine.Hosting.Tls;

namespace Peregrine.Hosting;

/// <summary>The same transport, errors, probes and metrics on each node.</summary>
public static class NodeDefaults
{
    /// <summary>Server limits, readiness, draining and metrics. Options come from section <see cref="NodeOptions.Section"/>.</summary>
    public static WebApplicationBuilder AddNodeDefaults(this WebApplicationBuilder builder, Action<NodeOptions>? configure = null)
    {
        var services = builder.Services;
        var options = services.AddOptions<NodeOptions>().BindConfiguration(NodeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, NodeServerLimits>();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOptions<HostOptions>().Configure<IOptions<NodeOptions>>(
            (host, node) => host.ShutdownTimeout = node.Value.DrainDelay + node.Value.DrainTimeout);
        services.TryAddSingleton<DrainState>();
        services.AddSingleton<IReadinessCondition>(provider => provider.GetRequiredService<DrainState>());
        services.AddHostedService<DrainService>();
        services.AddNodeTelemetry(builder.Configuration);
        services.AddPorts();
        services.AddHostedService<ServerRefusals>();
        return builder;
    }

    /// <summary>
    /// To be called first. Order: version header, error documents, slashes, routing, then authentication and authorization where
    /// they were added. Probes and metrics are mapped too.
    /// </summary>
    public static WebApplication UseNodeDefaults(this WebApplication app)
    {
        app.UseMiddleware<VersionHeaderMiddleware>();
        app.UseMiddleware<ErrorObjectsMiddleware>();
        app.UseMiddleware<CollapsedSlashesMiddleware>();
        app.UseRouting();
        if (app.Services.GetService<IAuthenticationSchemeProvider>() is not null) app.UseAuthentication();
        if (app.Services.GetService<IAuthorizationPolicyProvider>() is not null) app.UseAuthorization();
        app.MapProbes();
        app.MapMetrics();
        return app;
    }
}
