using System.Net.Sockets;
using System.Text;

namespace Peregrine.FunctionalTests.Wire;

/// <summary>Sends exactly these bytes and reads the answer: what a client library would tidy up stays as it is.</summary>
internal static class RawRequest
{
    /// <param name="target">The request target as it stands in the request line.</param>
    /// <param name="body">Null sends no body and no length.</param>
    public static async Task<RawAnswer> SendAsync(Uri root, string method, string target, string? key, string? body = null, params string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(root.Host, root.Port);
        await using var stream = client.GetStream();
        var bytes = body is null ? null : Encoding.UTF8.GetBytes(body);
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {root.Authority}\r\nUser-Agent: python-requests/2.28.1\r\nAccept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: close\r\n");
        if (key is not null) head.Append("Authorization: Basic ").Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":"))).Append("\r\n");
        foreach (var header in headers) head.Append(header).Append("\r\n");
        if (bytes is not null) head.Append("Content-Length: ").Append(bytes.Length).Append("\r\n");
        head.Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()));
        if (bytes is not null) await stream.WriteAsync(bytes);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return RawAnswer.Parse(await reader.ReadToEndAsync());
    }
}
