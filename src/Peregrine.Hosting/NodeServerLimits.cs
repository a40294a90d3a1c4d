using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Peregrine.Hosting;

internal sealed class NodeServerLimits(IOptions<NodeOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions server)
    {
        var node = options.Value;
        server.AddServerHeader = false;
        server.Limits.MaxRequestLineSize = node.MaxRequestLineBytes;
        server.Limits.MaxRequestHeadersTotalSize = node.MaxRequestHeadersBytes;
        server.Limits.MaxRequestBufferSize = Math.Max(1024 * 1024, node.MaxRequestLineBytes + node.MaxRequestHeadersBytes);
        server.Limits.MaxRequestBodySize = node.MaxRequestBodyBytes;
        server.Limits.MaxRequestHeaderCount = node.MaxRequestHeaders;
        server.Limits.RequestHeadersTimeout = node.RequestHeadersTimeout;
        server.Limits.KeepAliveTimeout = node.KeepAliveTimeout;
        server.Limits.MinRequestBodyDataRate = node.MinRequestBodyBytesPerSecond == 0 ? null : new MinDataRate(node.MinRequestBodyBytesPerSecond, s_grace);
        server.Limits.MaxConcurrentConnections = node.MaxConnections == 0 ? null : node.MaxConnections;
    }
}
