using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Tls;
using Peregrine.Serving.Access;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Transport;

/// <summary>
/// The web server with the user API right behind it: a prediction is answered before the framework's hosting layer makes its
/// context, diagnostics and pipeline for a request; everything else goes on to that layer unchanged.
/// </summary>
/// <param name="hasOtherConnections">Whether there are connections on which predictions are not answered.</param>
internal sealed class PredictionServer(IServer server, UserApi api, IServiceScopeFactory scopes, bool hasOtherConnections) : IServer
{
    public IFeatureCollection Features => server.Features;

    /// <summary>Wraps the server that is registered, if one is.</summary>
    public static void PutInFront(IServiceCollection services)
    {
        if (services.LastOrDefault(service => service.ServiceType == typeof(IServer)) is not { ImplementationType: { } type } registered) return;
        services.Remove(registered);
        services.AddSingleton<IServer>(provider => new PredictionServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, type), provider.GetRequiredService<UserApi>(), provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<IOptions<AccessOptions>>().Value.AdminPort is not null || provider.GetRequiredService<RefusedCallers>().MayBe));
    }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull =>
        server.StartAsync(new PredictionApplication<TContext>(application, api, scopes, hasOtherConnections), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();
}
