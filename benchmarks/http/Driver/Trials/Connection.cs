using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>One keep-alive connection that asks one request at a time.</summary>
internal sealed class Connection(int port, byte[] request) : IDisposable
{
    private Socket _socket = MakeSocket();
    private readonly byte[] _buffer = new byte[256 * 1024];

    public Task ConnectAsync() => _socket.ConnectAsync(IPAddress.Loopback, port);

    /// <param name="due">Timestamp of <see cref="Stopwatch"/> at which it was to be sent.</param>
    public async Task<Outcome> AskAsync(long due)
    {
        try
        {
            return await ExchangeAsync(due);
        }
        catch (Exception lost) when (lost is IOException or SocketException)
        {
            Console.Error.WriteLine($"A connection was lost: {lost.Message}");
            _socket.Dispose();
            _socket = MakeSocket();
            await ConnectAsync();
            return new Outcome(due, Stopwatch.GetTimestamp(), Outcome.Lost);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static Socket MakeSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private async Task<Outcome> ExchangeAsync(long due)
    {
        var sent = 0;
        while (sent < request.Length) sent += await _socket.SendAsync(request.AsMemory(sent), SocketFlags.None);
        var read = 0;
        var end = -1;
        var status = 0;
        while (end < 0 || read < end)
        {
            var got = await _socket.ReceiveAsync(_buffer.AsMemory(read), SocketFlags.None);
            if (got == 0) throw new IOException("The node closed the connection.");
            read += got;
            if (end < 0) end = EndOf(_buffer.AsSpan(0, read), out status);
        }

        return new Outcome(due, Stopwatch.GetTimestamp(), status);
    }

    /// <summary>Where the answer ends; -1 while its headers are not all here.</summary>
    private static int EndOf(ReadOnlySpan<byte> answer, out int status)
    {
        status = 0;
        var headers = answer.IndexOf("\r\n\r\n"u8);
        if (headers < 0) return -1;
        status = int.Parse(answer.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        var length = answer[(answer.IndexOf("Content-Length: "u8) + 16)..];
        return headers + 4 + int.Parse(length[..length.IndexOf((byte)'\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
