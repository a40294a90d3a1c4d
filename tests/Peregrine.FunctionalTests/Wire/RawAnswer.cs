using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.FunctionalTests.Wire;

internal sealed record RawAnswer(int Status, string Head, string Body)
{
    public JsonNode? Json => JsonNode.Parse(Body);

    public RawAnswer ShouldBe(int status)
    {
        Status.ShouldBe(status, $"{Head}\n\n{Body}");
        return this;
    }

    public static RawAnswer Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = text[..end];
        var body = text[(end + 4)..];
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)) body = Unchunk(body);
        return new RawAnswer(int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture), head, body);
    }

    /// <summary>Bodies of these tests are ASCII, so chunk lengths in bytes are lengths in characters.</summary>
    private static string Unchunk(string body)
    {
        var plain = new StringBuilder();
        for (var at = 0; ;)
        {
            var line = body.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (line < 0) return plain.ToString();
            var length = int.Parse(body.AsSpan(at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0) return plain.ToString();
            plain.Append(body, line + 2, length);
            at = line + 2 + length + 2;
        }
    }
}
