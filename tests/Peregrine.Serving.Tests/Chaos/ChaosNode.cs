using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Peregrine.Serving.OpenInference.Grpc.Contract;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>The node under test, in this process or in one of its own.</summary>
internal abstract class ChaosNode : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    // A stream's body goes out once the node has said that it reads it, however long that takes.
    private readonly HttpClient _streams = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(30) }) { Timeout = TimeSpan.FromSeconds(30) };

    protected abstract Uri Address { get; }

    protected abstract Uri GrpcAddress { get; }

    protected abstract string AdminKey { get; }

    /// <summary>Folder that holds <c>services</c>.</summary>
    public abstract string Folder { get; }

    public abstract Task StartAsync();

    /// <summary>Ends it in the way of this node: by a stop, or by a kill without notice.</summary>
    public abstract Task EndAsync();

    /// <summary>The status; the body is read to its end.</summary>
    public async Task<int> AskAsync(HttpMethod method, string path, byte[]? body = null) => (await SendAsync(method, path, body, admin: true)).Status;

    public Task<(int Status, string Text)> QueryAsync(string path, string body) => SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(body), admin: false);

    /// <summary>The same with a key of the service.</summary>
    public Task<(int Status, string Text)> QueryAsync(string path, string body, string key) => SendAsync(HttpMethod.Post, path, Encoding.UTF8.GetBytes(body), admin: false, key);

    /// <summary>An admin call; its whole answer.</summary>
    public Task<(int Status, string Text)> AdminAsync(HttpMethod method, string path, string? body = null) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), admin: true);

    /// <summary>Sends a stream piece by piece.</summary>
    public async Task<(int Status, string Text)> StreamAsync(ChaosStream stream, PacedContent body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, stream.Path)) { Content = body };
        request.Headers.ExpectContinue = true;
        request.Headers.Accept.ParseAdd(stream.MediaType);
        body.Headers.ContentType = new MediaTypeHeaderValue(stream.MediaType);
        using var answer = await _streams.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A ModelInfer call: its status as REST has it, and the answer's version and probabilities as JSON.</summary>
    public async Task<(int Status, string Text)> GrpcAsync(ModelInferRequest message, string? key = null)
    {
        var bytes = message.ToByteArray();
        var frame = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, 5);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(GrpcAddress, "/inference.GRPCInferenceService/ModelInfer"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await _http.SendAsync(request);
        var content = await answer.Content.ReadAsByteArrayAsync();
        if (!answer.Headers.TryGetValues("grpc-status", out var told) && !answer.TrailingHeaders.TryGetValues("grpc-status", out told)) throw new IOException("The answer has no grpc-status.");
        var text = answer.Headers.TryGetValues("grpc-message", out var words) ? words.Single() : "";
        return told.Single() switch
        {
            "0" => (200, ChaosPackages.Told(ModelInferResponse.Parser.ParseFrom(content.AsSpan(5)))),
            "5" => (404, text),
            "14" => (503, text),
            "16" => (401, text),
            var status => (500, $"grpc-status {status}: {text}"),
        };
    }

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
            .Where(file => Path.GetFileName(file) is not ("service.json" or "keys.json" or "key-uses.json") && !known.Contains(file))
            .Concat(Directory.EnumerateFiles(Folder, "*.tmp"));
    }

    public virtual ValueTask DisposeAsync()
    {
        _http.Dispose();
        _streams.Dispose();
        return ValueTask.CompletedTask;
    }

    private string PackagePath(string service, string generation) => Path.Combine(Folder, "services", service, "generations", generation + ".zip");

    private async Task<(int Status, string Text)> SendAsync(HttpMethod method, string path, byte[]? body, bool admin, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path)) { Content = body is null ? null : new ByteArrayContent(body) };
        if (admin || key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? AdminKey);
        try
        {
            using var answer = await _http.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (SocketException cut)
        {
            // The client looks at the other end of a new connection and does not expect that it has gone in that moment.
            throw new HttpRequestException(cut.Message, cut);
        }
    }

    /// <summary>A generation that drains is as good as let go, one that fails is told with its reason.</summary>
    private static Held StateOf(string? state) => state switch { "READY" => Held.Loaded, "FAILED" => Held.Failed, _ => Held.Available };

    private static string Text(JsonNode? mapping) => mapping is null
        ? ""
        : new MappingModel([.. mapping["entries"]!.AsArray().Select(entry => ((string)entry!["generation"]!, (double)entry["proba"]!))], (string?)mapping["strategy"] == "RANDOM", (string?)mapping["salt"],
            [.. (mapping["shadows"] as JsonArray ?? []).Select(shadow => (string)shadow!["generation"]!)]).ToString();
}
