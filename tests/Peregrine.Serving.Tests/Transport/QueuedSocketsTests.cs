using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Hosting.Tls;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Tests.Transport;

public sealed class QueuedSocketsTests
{
    private readonly QueuedSockets _sockets = new(NullLoggerFactory.Instance);

    [Fact]
    public void CanBind_OfAPortForHttp2Only_IsTrue() => _sockets.CanBind(new Http2EndPoint(IPAddress.Loopback, 0)).ShouldBeTrue();

    [Fact]
    public void CanBind_OfAnyOtherPort_IsFalse() => _sockets.CanBind(new IPEndPoint(IPAddress.Loopback, 0)).ShouldBeFalse();

    [Fact]
    public async Task BindAsync_OfAPortForHttp2Only_TakesConnections()
    {
        await using var listener = await _sockets.BindAsync(new Http2EndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint, TestContext.Current.CancellationToken);
        await using var connection = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await client.SendAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
        var read = await connection!.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
        read.Buffer.FirstSpan.SequenceEqual("hello"u8).ShouldBeTrue();
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
    }
}
