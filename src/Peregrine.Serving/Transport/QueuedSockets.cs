using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Tls;

namespace Peregrine.Serving.Transport;

/// <summary>
/// Sockets of ports that speak HTTP/2 only, in a process with <see cref="InlineSockets"/>. Many requests share such a connection and the server answers each from the pool; when what
/// they write waits in the transport's queue for the one that sends, one system call takes the answers of several. Sent inline, each answer was one (decision 8).
/// </summary>
internal sealed class QueuedSockets(ILoggerFactory logs) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(Options.Create(new SocketTransportOptions()), logs);

    public bool CanBind(EndPoint endpoint) => endpoint is Http2EndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => _sockets.BindAsync(endpoint, cancellationToken);
}
