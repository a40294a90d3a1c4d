using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Predictions;

namespace Peregrine.Fuzz.Targets;

/// <summary>
/// A whole request to the user API: path, query, headers and body, packed or not, as JSON, CSV or JSON lines. The answer is 200 or says what is wrong with the
/// request; its headers can be sent; it is packed as it says.
/// </summary>
internal sealed class UserTarget(FuzzNode node) : IFuzzTarget
{
    /// <summary>A stream may unpack without end, as its memory does not grow; here it stops.</summary>
    private const int LongestAnswer = 8 * 1024 * 1024;

    private readonly UserApi _api = node.UserApi;

    public string Name => "user";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. Fuzz.Corpus.Of("user"),
        .. new[] { "gzip", "deflate", "br" }.Select(coding => Packed("predict", coding, """{"features":{"amount":12.5,"country":"FR"}}""")),
        .. new[] { "gzip", "deflate", "br" }.Select(coding => Packed("predict", coding, new string(' ', 3 * FuzzNode.MaxBody))),
        Packed("predict-multi", "gzip", """{"columns":{"amount":[1,2,3],"country":["FR",null,"GB"]}}"""),
    ];

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words(
        "POST /public/api/v1/fuzz/score/predict", "-multi", "-simple?", "/forced-generation/v1", "?timeout=", "&", "onError=skip", "firstLine=9", "forcedGeneration=v1", "dispatchKey=k",
        "\nContent-Encoding: gzip", "\nContent-Encoding: br", "\nContent-Encoding: deflate", "\nContent-Encoding: identity", "\nAccept-Encoding: gzip;q=0, br", "\nX-Request-Id: a",
        "\nX-Request-Timeout-Ms: 60000", "\nX-Server-Timing: 1", "\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "\nContent-Type: text/csv",
        "\nContent-Type: application/x-ndjson", "\nAccept: text/csv;q=0.5,*/*", "\nInference-Header-Content-Length: 5", "\nAuthorization: Bearer eyJ.a.b", "\n\n", "amount,country\n1,FR\n",
        "{\"features\":{\"amount\":1}}\n", "\"columns\":{\"amount\":[1,2]}", "\"", ",", "1", "\n", "\r\n", "é");

    /// <summary>A packed body is unpacked, up to what a body may have.</summary>
    public long AllocationLimit(int inputLength) => 4 * 1024 * 1024 + 8L * FuzzNode.MaxBody + 256L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        using var http = HttpCase.Read(input);
        if (http is null) return;
        if (!_api.TryAnswer(http.Context, out var answering)) return;
        try
        {
            http.Complete(answering);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException) when (http.Answer.Length > 0)
        {
            return; // A stream that was stopped: the server cuts the connection.
        }

        var response = http.Context.Response;
        if (response.StatusCode is not (200 or (>= 400 and < 500) or 503 or 504)) throw new FuzzFault($"It answered {response.StatusCode}: {Encoding.UTF8.GetString(http.Answer)}");
        var answer = Unpack(http.Answer, (string?)response.Headers.ContentEncoding);
        if (response.StatusCode != 200 || response.ContentType is "application/json" or "application/json; charset=utf-8") CheckJson(answer, response.StatusCode);
    }

    internal static void CheckJson(byte[] answer, int status)
    {
        using var document = JsonDocument.Parse(answer);
        if (status == 200) return;
        var error = document.RootElement;
        if (!(error.TryGetProperty("message", out var message) || error.TryGetProperty("error", out message)) || message.ValueKind != JsonValueKind.String || message.GetString()!.Length == 0)
            throw new FuzzFault($"{status} says nothing: {Encoding.UTF8.GetString(answer)}");
    }

    internal static byte[] Unpack(ReadOnlySpan<byte> answer, string? coding)
    {
        if (coding is null) return answer.ToArray();
        using var packed = new MemoryStream(answer.ToArray());
        using Stream unpacking = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(packed, CompressionMode.Decompress),
            _ => new BrotliStream(packed, CompressionMode.Decompress),
        };
        using var plain = new MemoryStream();
        unpacking.CopyTo(plain);
        return plain.Length > LongestAnswer ? throw new FuzzFault($"The answer has {plain.Length} bytes.") : plain.ToArray();
    }

    private static byte[] Packed(string call, string coding, string body) =>
    [
        .. Encoding.ASCII.GetBytes($"POST /public/api/v1/fuzz/score/{call}\nContent-Encoding: {coding}\nAccept-Encoding: {coding}\n\n"),
        .. BodyCoding.Encode(Encoding.UTF8.GetBytes(body), coding),
    ];
}
