using System.Net;
using System.Net.Sockets;
using Peregrine.Commands;

namespace Peregrine.Roles;

/// <summary>Checks of ports before anything is started or written.</summary>
internal static class Ports
{
    /// <param name="option">The option that names the port, for the message.</param>
    /// <returns><paramref name="port"/>, or a free one when it is 0.</returns>
    /// <exception cref="UsageException">It is taken, not allowed, or the address is not of this machine.</exception>
    public static int Check(IPAddress bind, int port, string option)
    {
        using var socket = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(bind, port));
            socket.Listen(1);
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw InUse(bind, port, option, taken);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new UsageException($"User '{Environment.UserName}' may not listen on port {port}. Choose a port above 1023 with {option}.", refused);
        }
        catch (SocketException wrong)
        {
            throw new UsageException($"Nothing can listen on address {bind}: {wrong.Message} Choose another with --bind.", wrong);
        }
    }

    public static UsageException InUse(IPAddress bind, int port, string option, Exception inner) =>
        new($"Port {port} on {bind} is in use by another program. Stop it, or choose another port with {option}.", inner);
}
