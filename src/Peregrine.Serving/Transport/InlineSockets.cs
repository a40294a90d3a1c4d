using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Serving.Transport;

/// <summary>
/// Reads, answers and writes on the thread that waits for the network, without a queue between: for a process that is an API node and nothing else.
/// </summary>
/// <remarks>
/// The runtime's part of it holds for the whole process and is read when its first asynchronous socket is made, so <see cref="Prepare"/> is called before.
/// Source: <c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS</c> of System.Net.Sockets, <see cref="SocketTransportOptions.UnsafePreferInlineScheduling"/> of Kestrel.
/// </remarks>
public static class InlineSockets
{
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>To be called before the process opens a socket. An operator's own value of the variable is left as it is.</summary>
    public static void Prepare()
    {
        if (Environment.GetEnvironmentVariable(Switch) is null) Environment.SetEnvironmentVariable(Switch, "1");
    }

    /// <summary>Does nothing in a process that was not prepared.</summary>
    public static IServiceCollection AddInlineSockets(this IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable(Switch) != "1") return services;
        services.AddSingleton<IConnectionListenerFactory, QueuedSockets>();
        return services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            // Saves a system call a request, for 4 KB of memory a connection.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
    }
}
