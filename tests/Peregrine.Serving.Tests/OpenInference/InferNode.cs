using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.OpenInference;

/// <summary>How the tests speak the protocol with a node.</summary>
internal static class InferNode
{
    public const string Model = "v2/models/fraud.score";

    public const string HeaderLength = "Inference-Header-Content-Length";

    public static Task<InferAnswer> InferAsync(this TestNode node, JsonNode body, string path = Model, string? key = null) =>
        node.InferAsync(Encoding.UTF8.GetBytes(body.ToJsonString()), null, path, key);

    public static Task<InferAnswer> InferAsync(this TestNode node, (JsonObject Header, byte[] Data) body, string path = Model)
    {
        var header = Encoding.UTF8.GetBytes(body.Header.ToJsonString());
        return node.InferAsync([.. header, .. body.Data], header.Length.ToString(CultureInfo.InvariantCulture), path);
    }

    public static async Task<InferAnswer> InferAsync(
        this TestNode node, byte[] body, string? headerLength, string path = Model, string? key = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{node.Address}{path}/infer")) { Content = new ByteArrayContent(body) };
        if (headerLength is not null) request.Headers.TryAddWithoutValidation(HeaderLength, headerLength);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        change?.Invoke(request);
        using var response = await node.Http.SendAsync(request);
        return await ReadAsync(response);
    }

    public static async Task<InferAnswer> ReadAsync(HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var encoding = response.Content.Headers.ContentEncoding.SingleOrDefault();
        if (encoding is not null) bytes = Unpack(bytes, encoding);
        var headerLength = response.Headers.TryGetValues(HeaderLength, out var given) ? int.Parse(given.Single(), CultureInfo.InvariantCulture) : bytes.Length;
        var json = JsonNode.Parse(bytes.AsSpan(0, headerLength))!;
        var binary = new Dictionary<string, byte[]>();
        var at = headerLength;
        if (response.IsSuccessStatusCode)
        {
            foreach (var output in json["outputs"]!.AsArray())
            {
                if ((int?)output!["parameters"]?["binary_data_size"] is not { } size) continue;
                binary[(string)output["name"]!] = bytes[at..(at + size)];
                at += size;
            }
        }

        at.ShouldBe(bytes.Length);
        return new InferAnswer(response.StatusCode, json, response.Content.Headers.ContentType?.MediaType ?? "", encoding, binary);
    }

    private static byte[] Unpack(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream(bytes);
        using Stream unpacking = encoding == "gzip"
            ? new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Decompress)
            : new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        unpacking.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
