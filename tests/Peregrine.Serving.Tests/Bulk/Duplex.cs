using System.Net.Sockets;
using System.Text;

namespace Peregrine.Serving.Tests.Bulk;

/// <summary>A call whose body is sent piece by piece while its answer is read.</summary>
internal sealed class Duplex : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly StringBuilder _text = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<Duplex> OpenAsync(TestNode node, string type, string accept)
    {
        var duplex = new Duplex();
        await duplex._socket.ConnectAsync(node.Address.Host, node.Address.Port);
        await duplex.WriteAsync($"POST /public/api/v1/fraud/score/predict-multi HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nAccept: {accept}\r\nTransfer-Encoding: chunked\r\n\r\n");
        return duplex;
    }

    public Task SendAsync(string text) => text.Length == 0 ? Task.CompletedTask : WriteAsync($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    public Task EndAsync() => WriteAsync("0\r\n\r\n");

    public async Task ReadUntilAsync(Func<string, bool> enough)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!enough(_text.ToString()))
        {
            var read = await _socket.ReceiveAsync(_buffer, patience.Token);
            if (read == 0) throw new EndOfStreamException($"The answer ended: {_text}");
            _text.Append(Encoding.UTF8.GetString(_buffer, 0, read));
        }
    }

    /// <summary>Up to the last chunk, or to the end of the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!_text.ToString().EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            int read;
            try
            {
                read = await _socket.ReceiveAsync(_buffer, patience.Token);
            }
            catch (SocketException)
            {
                break;
            }

            if (read == 0) break;
            _text.Append(Encoding.UTF8.GetString(_buffer, 0, read));
        }

        return _text.ToString();
    }

    public async Task<(int Lines, string Last)> CountLinesAsync()
    {
        var (lines, last) = (0, "");
        while (!last.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await _socket.ReceiveAsync(_buffer);
            if (read == 0) break;
            var text = Encoding.UTF8.GetString(_buffer, 0, read);
            lines += CountRows(text);
            last = (last + text)[^Math.Min(last.Length + text.Length, 300)..];
        }

        return (lines, last);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Line ends that are not those of the chunks.</summary>
    private int CountRows(string text)
    {
        var rows = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var before = i > 0 ? text[i - 1] : _beforeFirst;
            if (text[i] == '\n' && before == '}') rows++;
        }

        _beforeFirst = text[^1];
        return rows;
    }

    private char _beforeFirst;

    private async Task WriteAsync(string text)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
    }
}
