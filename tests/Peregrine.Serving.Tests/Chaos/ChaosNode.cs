using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>The node under test, in this process or in one of its own.</summary>
internal abstract class ChaosNode : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    protected abstract Uri Address { get; }

    protected abstract string AdminKey { get; }

    /// <summary>Folder that holds <c>services</c>.</summary>
    public abstract string Folder { get; }

    public abstract Task StartAsync();

    /// <summary>Ends it in the way of this node: by a stop, or by a kill without notice.</summary>
    public abstract Task EndAsync();

    /// <summary>The status; the body is read to its end.</summary>
    public async Task<int> AskAsync(HttpMethod method, string path, byte[]? body = null) => (await SendAsync(method, path, body, admin: true)).Status;

    public Task<(int Status, string Text)> QueryAsync(string path, string body) => SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(body), admin: false);

    public async Task<string> DescribeAsync(string service)
    {
        var (status, text) = await SendAsync(HttpMethod.Get, "/admin/api/services/" + service, null, admin: true);
        if (status == 404) return "no such service";
        status.ShouldBe(200, text);
        var told = JsonNode.Parse(text)!;
        var switches = JsonNode.Parse((await SendAsync(HttpMethod.Get, $"/admin/api/services/{service}/switches", null, admin: true)).Text)!["switches"]!.AsArray();
        var generations = told["generations"]!.AsArray().OrderBy(one => (string?)one!["generation"], StringComparer.Ordinal).Select(one => $"{one!["generation"]}={StateOf((string?)one["state"])}");
        var prepared = switches.Where(one => (string?)one!["state"] == "PREPARED").OrderBy(one => (string?)one!["id"], StringComparer.Ordinal).Select(one => $"{one!["id"]}({Text(one["mapping"])})");
        return $"{((bool?)told["enabled"] == true ? "enabled" : "disabled")} [{Text(told["mapping"])}] {string.Join(' ', generations)} prepared {string.Join(' ', prepared)}";
    }

    /// <summary>Changes a bit of a package where it lies on the disk.</summary>
    public void Damage(string service, string generation)
    {
        var path = PackagePath(service, generation);
        if (!File.Exists(path)) return;
        var bytes = File.ReadAllBytes(path);
        // Spoilt once, it stays so.
        if (!bytes.AsSpan().SequenceEqual(ChaosPackages.Bytes(generation))) return;
        File.WriteAllBytes(path, ChaosPackages.Spoilt(generation));
    }

    public bool IsSound(string service, string generation) =>
        File.Exists(PackagePath(service, generation)) && File.ReadAllBytes(PackagePath(service, generation)).AsSpan().SequenceEqual(ChaosPackages.Bytes(generation));

    /// <summary>Files below <c>services</c> that are neither a document nor a key file nor one of these generations.</summary>
    public IEnumerable<string> Litter(IEnumerable<ServiceModel> services)
    {
        var known = services.Where(service => service.Exists).SelectMany(service => service.Generations.Keys.Select(generation => PackagePath(service.Id, generation))).ToHashSet(StringComparer.Ordinal);
        return Directory.EnumerateFiles(Path.Combine(Folder, "services"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("service.json" or "keys.json") && !known.Contains(file))
            .Concat(Directory.EnumerateFiles(Folder, "*.tmp"));
    }

    public virtual ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private string PackagePath(string service, string generation) => Path.Combine(Folder, "services", service, "generations", generation + ".zip");

    private async Task<(int Status, string Text)> SendAsync(HttpMethod method, string path, byte[]? body, bool admin)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path)) { Content = body is null ? null : new ByteArrayContent(body) };
        if (admin) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A generation that drains is as good as let go, one that fails is told with its reason.</summary>
    private static Held StateOf(string? state) => state switch { "READY" => Held.Loaded, "FAILED" => Held.Failed, _ => Held.Available };

    private static string Text(JsonNode? mapping) => mapping is null
        ? ""
        : new MappingModel([.. mapping["entries"]!.AsArray().Select(entry => ((string)entry!["generation"]!, (double)entry["proba"]!))], (string?)mapping["strategy"] == "RANDOM", (string?)mapping["salt"]).ToString();
}
