using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Peregrine.Hosting.Tls;

namespace Peregrine.Client;

/// <summary>Calls on one node: addresses, key, JSON both ways, and error documents turned into <see cref="ClientException"/>.</summary>
public sealed class HttpConnection : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _keyHint;

    /// <param name="url">Root of the node.</param>
    /// <param name="key">API key; null asks without one.</param>
    /// <param name="keyHint">What to tell a user whose key is refused.</param>
    /// <param name="tls">Whom to trust and what to show by https; null: as the system does.</param>
    public HttpConnection(Uri url, string? key, ClientTls? tls = null, string keyHint = "Give the key with --key, PEREGRINE_KEY, or --data-dir of the instance.")
    {
        Url = url;
        _keyHint = keyHint;
        // Each call carries its own token: uploads and trainings may take any time.
        var handler = new SocketsHttpHandler();
        tls?.ApplyTo(handler);
        _http = new HttpClient(handler) { BaseAddress = new Uri(url.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        if (!string.IsNullOrEmpty(key))
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("peregrine", ProductVersion.Current));
    }

    public Uri Url { get; }

    public void Dispose() => _http.Dispose();

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(await SendContentAsync(HttpMethod.Get, path, null, cancellationToken), type, path);

    public async Task<JsonNode> GetNodeAsync(string path, CancellationToken cancellationToken) =>
        Parse(await SendContentAsync(HttpMethod.Get, path, null, cancellationToken), path);

    /// <summary>Sends a document and reads the answer as a document; an empty answer is an empty object.</summary>
    public async Task<JsonNode> SendNodeAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken) =>
        Parse(await SendContentAsync(method, path, Json(body), cancellationToken), path);

    public async Task<T> SendAsync<T>(HttpMethod method, string path, JsonNode? body, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(await SendContentAsync(method, path, Json(body), cancellationToken), type, path);

    /// <summary>Sends and ignores the answer's body.</summary>
    public Task SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken) =>
        SendContentAsync(method, path, Json(body), cancellationToken);

    /// <summary>Sends a prepared body and returns the answer's text.</summary>
    public async Task<string> SendTextAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await SendContentAsync(method, path, body, cancellationToken));

    /// <summary>Sends a prepared body and returns the answer as it is.</summary>
    public Task<byte[]> SendBytesAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken) =>
        SendContentAsync(method, path, body, cancellationToken);

    /// <summary>One file as the multipart part <c>file</c>.</summary>
    public async Task UploadAsync(string path, Stream content, string fileName, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent();
        using var part = new StreamContent(content, bufferSize: 1 << 17);
        form.Add(part, "file", fileName);
        await SendContentAsync(HttpMethod.Post, path, form, cancellationToken);
    }

    public async Task DownloadAsync(string path, Stream target, CancellationToken cancellationToken)
    {
        using var response = await AskAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.CopyToAsync(target, cancellationToken);
    }

    private async Task<byte[]> SendContentAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var response = await AskAsync(method, path, body, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, HttpContent? body, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, completion, cancellationToken);
        }
        catch (HttpRequestException untrusted) when (untrusted.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new ClientException(
                $"No secure connection to {Url}: {untrusted.InnerException?.Message ?? untrusted.Message} Name its authority with --ca-file, and ask for it by a name that its certificate has.", inner: untrusted);
        }
        catch (HttpRequestException unreachable)
        {
            throw new ClientException(
                $"No Peregrine answers at {Url} ({unreachable.InnerException?.Message ?? unreachable.Message}). Start one with 'peregrine start', or name it with --url.", inner: unreachable);
        }

        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            throw ErrorAnswer.Read((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken), Url, _keyHint);
        }
    }

    private static StringContent? Json(JsonNode? body) =>
        body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

    private static T Read<T>(byte[] answer, JsonTypeInfo<T> type, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new ClientException($"'{path}' answered null.");
        }
        catch (JsonException unreadable)
        {
            throw new ClientException($"The answer of '{path}' is not what was expected: {unreadable.Message}", inner: unreadable);
        }
    }

    private static JsonNode Parse(byte[] answer, string path)
    {
        if (answer.Length == 0) return new JsonObject();
        try
        {
            return JsonNode.Parse(answer) ?? new JsonObject();
        }
        catch (JsonException unreadable)
        {
            throw new ClientException($"The answer of '{path}' is not JSON: {unreadable.Message}", inner: unreadable);
        }
    }
}
