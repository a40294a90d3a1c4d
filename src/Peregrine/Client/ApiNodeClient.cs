using System.Net.Http.Headers;
using System.Text;
using Peregrine.Hosting.Tls;

namespace Peregrine.Client;

/// <summary>The user API of an API node: one service's endpoints.</summary>
public sealed class ApiNodeClient(Uri url, string service, string? key, ClientTls? tls = null) : IDisposable
{
    private readonly HttpConnection _connection = new(url, key, tls, "Give the service's key with --service-key or PEREGRINE_SERVICE_KEY.");

    /// <param name="body">The request as JSON text, sent as it is.</param>
    /// <returns>The answer as JSON text.</returns>
    public async Task<string> AskAsync(string endpoint, string action, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _connection.SendTextAsync(HttpMethod.Post, $"public/api/v1/{PeregrineClient.Id(service)}/{PeregrineClient.Id(endpoint)}/{action}", content, cancellationToken);
    }

    /// <summary>Scores one part of a CSV file.</summary>
    /// <param name="part">Header and whole records, UTF-8.</param>
    /// <param name="firstLine">The number of the first record's line in the file, for errors.</param>
    /// <param name="parameters">More of the call's query, from its ampersand on; or empty.</param>
    /// <returns>The results as CSV with a header; a record that cannot be read has its error in its row.</returns>
    public async Task<byte[]> ScoreCsvAsync(string endpoint, byte[] part, long firstLine, string parameters, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(part);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        var path = $"public/api/v1/{PeregrineClient.Id(service)}/{PeregrineClient.Id(endpoint)}/predict-multi?onError=skip&firstLine={firstLine}{parameters}";
        return await _connection.SendBytesAsync(HttpMethod.Post, path, content, cancellationToken);
    }

    public void Dispose() => _connection.Dispose();
}
