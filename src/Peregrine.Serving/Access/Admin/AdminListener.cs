using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Tls;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Access.Admin;

/// <summary>Opens the port of the admin API, when it has one of its own.</summary>
internal sealed class AdminListener(IOptions<AccessOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions server)
    {
        if (options.Value.AdminPort is not { } port) return;
        server.ListenNode(IPAddress.Parse(options.Value.AdminAddress), port, "admin", [ServingTls.Admin, ServingTls.Node], configure: listen => listen.Use(next => connection =>
        {
            connection.Features.Set(AdminConnection.Instance);
            return next(connection);
        }));
    }
}
