using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Peregrine.Hosting;

internal sealed class NodeServerLimits(IOptions<NodeOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions server)
    {
        var node = options.Value;
        server.AddServerHeader = false;
        server.Limits.MaxRequestLineSize = node.MaxRequestLineBytes;
        server.Limits.MaxRequestHeadersTotalSize = node.MaxRequestHeadersBytes;
        server.Limits.MaxRequestBufferSize = Math.Max(1024 * 1024, node.MaxRequestLineBytes + node.MaxRequestHeadersBytes);
        server.Limits.MaxRequestBodySize = node.MaxRequestBodyBytes;
    }
}
