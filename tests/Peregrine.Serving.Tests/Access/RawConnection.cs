using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Peregrine.Serving.Tests.Access;

/// <summary>One kept-alive connection whose headers are sent as they are given.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<RawConnection> OpenAsync(TestNode node)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(node.Address.Host, node.Address.Port);
        return connection;
    }

    /// <returns>The status.</returns>
    public async Task<int> PredictAsync(string body, params string[] headers) => (await AskAsync(body, headers)).Status;

    /// <returns>The status, and head and body as text.</returns>
    public async Task<(int Status, string Text)> AskAsync(string body, params string[] headers)
    {
        var head = string.Concat(headers.Select(header => header + "\r\n"));
        var request = $"POST /public/api/v1/fraud/score/predict HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        var stream = _client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        var read = 0;
        while (true)
        {
            var count = await stream.ReadAsync(_buffer.AsMemory(read));
            if (count == 0) throw new IOException("The server closed the connection.");
            read += count;
            var text = Encoding.UTF8.GetString(_buffer, 0, read);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            const string Length = "Content-Length: ";
            var at = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase) + Length.Length;
            var length = int.Parse(text.AsSpan(at, text.IndexOf('\r', at) - at), CultureInfo.InvariantCulture);
            if (read < end + 4 + length) continue;
            return (int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
