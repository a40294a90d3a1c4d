using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Peregrine.Fuzz.Targets;

/// <summary>A request made from bytes, <c>METHOD path?query</c>, headers, a blank line and the body, and what was answered to it.</summary>
internal sealed class HttpCase : IDisposable
{
    private static readonly SearchValues<char> s_notInNames = SearchValues.Create(" \"(),/:;<=>?@[\\]{}");

    private readonly MemoryStream _answer = new();

    private HttpCase(string protocol)
    {
        Context.Features.Set<IHttpResponseFeature>(new Response(_answer));
        Context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_answer));
        Context.Features.Set<IHttpResponseTrailersFeature>(new Trailers());
        Context.Request.Protocol = protocol;
        Context.Request.Scheme = "http";
    }

    public DefaultHttpContext Context { get; } = new();

    public ReadOnlySpan<byte> Answer => _answer.GetBuffer().AsSpan(0, (int)_answer.Length);

    public IHeaderDictionary AnswerTrailers => Context.Features.Get<IHttpResponseTrailersFeature>()!.Trailers;

    /// <returns>Null when a server would not take the head for HTTP.</returns>
    public static HttpCase? Read(ReadOnlySpan<byte> input, string protocol = "HTTP/1.1")
    {
        var end = input.IndexOf("\n\n"u8);
        var head = Encoding.Latin1.GetString(end < 0 ? input : input[..end]);
        var body = end < 0 ? default : input[(end + 2)..];
        if (head.AsSpan().ContainsAnyInRange('\0', '\t') || head.AsSpan().ContainsAnyInRange('\v', '\x1F') || head.AsSpan().ContainsAnyInRange('\x7F', '\xFF')) return null;
        var lines = head.Split('\n');
        if (lines[0].Split(' ') is not [{ Length: > 0 } method, ['/', ..] target]) return null;
        var made = new HttpCase(protocol);
        var request = made.Context.Request;
        request.Method = method;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        request.Path = new PathString(Uri.UnescapeDataString(query < 0 ? target : target[..query]));
        request.QueryString = new QueryString(query < 0 ? "" : target[query..]);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAny(s_notInNames)) return null;
            // The server makes the body's length of its own head.
            if (!line.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase)) request.Headers.Append(line[..colon], line[(colon + 1)..].Trim(' '));
        }

        request.Body = new MemoryStream(body.ToArray(), writable: false);
        request.ContentLength = body.Length;
        return made;
    }

    public void Complete(Task answering)
    {
        answering.GetAwaiter().GetResult();
        Context.Response.BodyWriter.FlushAsync().AsTask().GetAwaiter().GetResult();
        foreach (var (name, values) in Context.Response.Headers)
            foreach (var value in values)
                if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new FuzzFault($"Header {name} of the answer is '{value}', which no server can send.");
    }

    public void Dispose() => _answer.Dispose();

    private sealed class Response(Stream answer) : HttpResponseFeature
    {
        public override bool HasStarted => answer.Length > 0;
    }

    private sealed class Trailers : IHttpResponseTrailersFeature
    {
        IHeaderDictionary IHttpResponseTrailersFeature.Trailers { get; set; } = new HeaderDictionary();
    }
}
