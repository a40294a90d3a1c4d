using System.Globalization;
using System.Text;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>An API node with two versions of the demo's service.</summary>
internal sealed class TrialNode(Server server, DemoData demo, string adminKey) : IDisposable
{
    private const string Other = "other";

    private readonly HttpClient _http = new() { BaseAddress = new Uri(server.Url, "/admin/api/services/fraud/"), DefaultRequestHeaders = { { "Authorization", "Bearer " + adminKey } } };

    public Server Server => server;

    /// <summary>Imports the second version: the same model under another name.</summary>
    public Task PrepareAsync() => AskAsync("generations", new ByteArrayContent(PackageCopy.WithVersion(demo.Package, Other)));

    /// <param name="number">Even ones switch to the second version, odd ones back.</param>
    public Task SwitchAsync(int number) => AskAsync("actions/switchTo/" + (number % 2 == 0 ? Other : PackageCopy.VersionOf(demo.Package)), new ByteArrayContent([]));

    /// <summary>The bytes of a whole request of so many different payments.</summary>
    public byte[] Request(int rows) => Request(Shot.Multi(demo, rows));

    private byte[] Request(Shot shot)
    {
        var head = $"POST {shot.Path} HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer {demo.Key}\r\nContent-Type: application/json\r\nContent-Length: {shot.Body.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. shot.Body];
    }

    /// <summary>What a request begins with that sends payments as CSV, in chunks, and wants its results so.</summary>
    public byte[] StreamHead() => Encoding.ASCII.GetBytes(
        $"POST {Shot.Multi(demo, 1).Path} HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer {demo.Key}\r\nContent-Type: text/csv\r\nAccept: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n");

    /// <summary>Payments as CSV.</summary>
    public byte[] Table()
    {
        var names = demo.Payments[0].Select(feature => feature.Key).ToList();
        var rows = demo.Payments.Select(payment => string.Join(',', names.Select(name => payment[name] is { } value ? value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString() : "")));
        return Encoding.UTF8.GetBytes(string.Join('\n', rows.Prepend(string.Join(',', names))) + "\n");
    }

    public Task<Load> ConnectAsync(int rows, int connections) => Load.ConnectAsync(server.Url.Port, Request(rows), connections);

    /// <summary>Callers of <c>predict</c>.</summary>
    public Task<Load> ConnectOneAsync(int connections) => Load.ConnectAsync(server.Url.Port, Request(Shot.Predict(demo)), connections);

    /// <summary>The value of a series without labels of the node's metrics page.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var page = await _http.GetStringAsync(new Uri(server.Url, "/metrics"));
        var line = page.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public void Dispose() => _http.Dispose();

    private async Task AskAsync(string path, HttpContent content)
    {
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The node refused {path}: {await answer.Content.ReadAsStringAsync()}");
    }
}
