using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>Sends records and reads results at the same time, on one connection.</summary>
/// <param name="head">The request's line and headers.</param>
/// <param name="table">A header row and the rows that are sent over and over, each ended by a line feed.</param>
internal sealed class StreamCall(int port, byte[] head, byte[] table) : IDisposable
{
    private const int PartBytes = 64 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[256 * 1024];

    /// <returns>Seconds until the first byte of the answer.</returns>
    public async Task<double> RunAsync(int rows)
    {
        if (!_socket.Connected) await _socket.ConnectAsync(IPAddress.Loopback, port);
        var from = Stopwatch.GetTimestamp();
        var sending = Task.Run(() => SendAsync(rows));
        var (lines, firstByte) = await ReceiveAsync(from);
        await sending;
        if (lines != rows + 1) throw new InvalidOperationException($"The node answered {lines - 1} of {rows} records.");
        return firstByte;
    }

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(int rows)
    {
        await SendWholeAsync(head);
        var part = new MemoryStream(PartBytes + 1024);
        var header = table.AsSpan().IndexOf((byte)'\n') + 1;
        part.Write(table, 0, header);
        var at = header;
        for (var row = 0; row < rows; row++)
        {
            var end = at + table.AsSpan(at).IndexOf((byte)'\n') + 1;
            part.Write(table, at, end - at);
            at = end == table.Length ? header : end;
            if (part.Length < PartBytes) continue;
            await SendChunkAsync(part);
        }

        if (part.Length > 0) await SendChunkAsync(part);
        await SendWholeAsync("0\r\n\r\n"u8.ToArray());
    }

    private async Task SendChunkAsync(MemoryStream part)
    {
        await SendWholeAsync(Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"));
        await SendWholeAsync(part.GetBuffer().AsMemory(0, (int)part.Length));
        await SendWholeAsync("\r\n"u8.ToArray());
        part.SetLength(0);
    }

    private async Task SendWholeAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
    }

    /// <summary>Counts the lines of the answer.</summary>
    private async Task<(long Lines, double FirstByte)> ReceiveAsync(long from)
    {
        var chunks = new ChunkedLines();
        var held = 0;
        var firstByte = 0.0;
        while (!chunks.IsEnded)
        {
            var got = await _socket.ReceiveAsync(_received.AsMemory(held), SocketFlags.None);
            if (got == 0) throw new IOException("The node closed the connection.");
            if (firstByte == 0) firstByte = Stopwatch.GetElapsedTime(from).TotalSeconds;
            var left = chunks.Take(_received.AsSpan(0, held + got));
            _received.AsSpan(held + got - left, left).CopyTo(_received);
            held = left;
        }

        return (chunks.Lines, firstByte);
    }

    /// <summary>Counts line feeds in the payload of an answer in chunks.</summary>
    private sealed class ChunkedLines
    {
        private bool _hasHead;
        private int _chunk; // bytes of the chunk that are still to come

        public long Lines { get; private set; }

        public bool IsEnded { get; private set; }

        /// <returns>Bytes at the end that cannot be told from half a line of the framing.</returns>
        public int Take(ReadOnlySpan<byte> bytes)
        {
            while (!IsEnded)
            {
                if (_chunk > 0)
                {
                    var here = Math.Min(_chunk, bytes.Length);
                    Lines += bytes[..here].Count((byte)'\n');
                    _chunk -= here;
                    bytes = bytes[here..];
                }

                if (_chunk > 0 || !TryFrame(ref bytes)) break;
            }

            return bytes.Length;
        }

        private bool TryFrame(ref ReadOnlySpan<byte> bytes)
        {
            if (!_hasHead)
            {
                var end = bytes.IndexOf("\r\n\r\n"u8);
                if (end < 0) return false;
                if (!bytes[9..].StartsWith("200"u8)) throw new InvalidOperationException($"The node answered {Encoding.UTF8.GetString(bytes)}");
                bytes = bytes[(end + 2)..]; // as if a chunk had ended
                _hasHead = true;
            }

            // The end of the chunk before, and the length of the next one.
            var line = bytes.Length < 2 ? -1 : bytes[2..].IndexOf("\r\n"u8);
            if (line < 0) return false;
            _chunk = int.Parse(bytes.Slice(2, line), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            bytes = bytes[(line + 4)..];
            IsEnded = _chunk == 0;
            return true;
        }
    }
}
