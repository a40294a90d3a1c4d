using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Peregrine.Hosting;
using Peregrine.Hosting.Tls;

namespace Peregrine.Roles;

/// <summary>What both servers have in common: where they listen, how they log, that they obey <see cref="Instance"/>.</summary>
internal static class NodeBuilder
{
    private static readonly WebApplicationOptions s_options = new() { ApplicationName = "peregrine", ContentRootPath = AppContext.BaseDirectory };

    /// <summary>A server with pages.</summary>
    /// <inheritdoc cref="CreateSlim"/>
    public static WebApplicationBuilder Create(RoleSettings settings, int port, string name, params string[] tls) =>
        Complete(WebApplication.CreateBuilder(s_options), settings, port, name, tls);

    /// <summary>A server without pages: it does not load what only they need.</summary>
    /// <param name="name">What the port is called in probes.</param>
    /// <param name="tls">Names of TLS settings that hold for it.</param>
    public static WebApplicationBuilder CreateSlim(RoleSettings settings, int port, string name, params string[] tls)
    {
        var builder = WebApplication.CreateSlimBuilder(s_options);
        builder.WebHost.UseKestrelHttpsConfiguration();
        return Complete(builder, settings, port, name, tls);
    }

    private static WebApplicationBuilder Complete(WebApplicationBuilder builder, RoleSettings settings, int port, string name, string[] tls)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenNode(settings.Bind, port, name, tls));
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, null);
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, ManualLifetime>());
        AddLogging(builder, settings.Quiet);
        builder.AddNodeDefaults(node => node.DrainDelay = IsLoopback(settings.Bind) ? TimeSpan.Zero : node.DrainDelay);
        return builder;
    }

    private static void AddLogging(WebApplicationBuilder builder, bool quiet)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);
        // Said at each start although the keys lie in a directory that only the owner may read.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        if (quiet) builder.Logging.AddFilter("Peregrine", LogLevel.Error);
    }

    /// <summary>No balancer watches a server that only this machine reaches.</summary>
    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address);
}
