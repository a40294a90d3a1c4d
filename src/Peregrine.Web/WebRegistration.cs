using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Peregrine.Hosting.Futures;
using Peregrine.Web.Datasets;
using Peregrine.Web.Deployer;
using Peregrine.Web.Live;
using Peregrine.Web.Projects;
using Peregrine.Web.Shell;
using Peregrine.Web.SignIn;

namespace Peregrine.Web;

/// <summary>The web page as a part of a host: what it needs, and where it answers.</summary>
public static class WebRegistration
{
    public static IServiceCollection AddPeregrineWeb(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.Configure<CircuitOptions>(circuit => circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3));
        services.AddCascadingAuthenticationState();
        services.AddFutures();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StateHandoff>();
        services.TryAddSingleton<Engines>();
        services.TryAddScoped<Notices>();
        services.TryAddTransient<PaletteView>();
        services.TryAddTransient<JobList>();
        services.TryAddEnumerable(ServiceDescriptor.Transient<IPaletteSource, MainPlaces>());
        services.TryAddEnumerable(ServiceDescriptor.Transient<IPaletteSource, DesignPlaces>());
        services.TryAddEnumerable(ServiceDescriptor.Transient<IPaletteSource, DeployerPlaces>());
        return services.AddPageSignIn();
    }

    /// <summary>Maps the pages, their live lines and their files. The host has authentication and authorization in its pipeline before.</summary>
    public static WebApplication MapPeregrineWeb(this WebApplication app)
    {
        FindAssets(app);
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapPageSignIn();
        app.MapUpload();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(PageSignIn.Policy);
        return app;
    }

    /// <summary>
    /// The page's files lie beside the program (published) or are listed in the build's manifest (run from source, whatever the
    /// environment is called); neither depends on the directory that the program is started in.
    /// </summary>
    private static void FindAssets(WebApplication app)
    {
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
        var published = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (Directory.Exists(published))
        {
            app.Environment.WebRootFileProvider = new CompositeFileProvider(new PhysicalFileProvider(published), app.Environment.WebRootFileProvider);
        }
    }
}
