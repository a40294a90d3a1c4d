using Microsoft.Extensions.Options;
using Peregrine.Hosting.Tls;

namespace Peregrine.Deploying.Nodes;

/// <summary>Makes the connections to nodes, by the certificate files as they are; while those are broken, by the last good ones.</summary>
internal sealed class NodeConnections(IOptions<DeployingOptions> options)
{
    private SocketsHttpHandler? _lastGood;

    public SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        try
        {
            options.Value.NodeTls.ApplyTo(handler);
            _lastGood = handler;
        }
        catch (TlsFileException) when (_lastGood is not null)
        {
            handler.SslOptions = _lastGood.SslOptions;
        }

        return handler;
    }
}
