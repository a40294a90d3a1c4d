using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Contracts.ApiNode.Shadows;
using Peregrine.Deploying.Drift;
using Peregrine.Deploying.Services;

namespace Peregrine.Deploying.Nodes;

/// <summary>
/// The admin API of a node, and its user API for test queries. Each call is safe to repeat. Whatever goes wrong is a
/// <see cref="NodeException"/> that says which node and why.
/// </summary>
public sealed class ApiNodeClient(HttpClient http, IOptions<DeployingOptions> options)
{
    private const int MaxErrorChars = 2000;

    /// <summary>Null when the node has no such service.</summary>
    public Task<NodeService?> FindServiceAsync(NodeTarget node, string serviceId, CancellationToken cancellationToken) =>
        FindAsync(node, $"/admin/api/services/{serviceId}", $"tell about service '{serviceId}'", ApiNodeJson.Default.NodeService, cancellationToken);

    public Task CreateServiceAsync(NodeTarget node, string serviceId, CancellationToken cancellationToken)
    {
        var request = Request(node, HttpMethod.Post, "/admin/api/services/");
        request.Content = JsonContent.Create(new NewNodeService(serviceId), NodeJson.Default.NewNodeService);
        return ActAsync(node, request, $"create service '{serviceId}'", options.Value.NodeTimeout, cancellationToken);
    }

    /// <summary>What the node has of a package, whole or in part; null: nothing.</summary>
    public async Task<NodePackage?> FindPackageAsync(NodeTarget node, string serviceId, string digest, CancellationToken cancellationToken)
    {
        using var request = Request(node, HttpMethod.Get, PackagePath(serviceId, digest));
        return await CallAsync(node, request, $"tell what it has of package {digest}", options.Value.NodeTimeout, async (response, stop) =>
            response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(node, response, ApiNodeJson.Default.NodePackage, stop), cancellationToken);
    }

    /// <summary>Sends a package from where the node has it; the node checks its digest, its structure and its golden records.</summary>
    /// <param name="archive">Seekable; <paramref name="offset"/> bytes of it are on the node.</param>
    public Task<NodeImport> UploadAsync(NodeTarget node, string serviceId, string digest, Stream archive, long offset, CancellationToken cancellationToken)
    {
        archive.Position = offset;
        var request = Request(node, HttpMethod.Patch, PackagePath(serviceId, digest));
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Upload-Complete", "?1");
        request.Content = new StreamContent(new UndisposedStream(archive));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/partial-upload");
        return ImportAsync(node, request, $"take a package of service '{serviceId}'", cancellationToken);
    }

    /// <summary>Makes a generation of a package that the node has whole.</summary>
    public Task<NodeImport> ImportHeldAsync(NodeTarget node, string serviceId, string digest, CancellationToken cancellationToken) =>
        ImportAsync(node, Request(node, HttpMethod.Post, PackagePath(serviceId, digest) + "/import"), $"import a package of service '{serviceId}' that it has", cancellationToken);

    /// <summary>Loads a generation that the node has, and checks it. Ends when it is ready.</summary>
    public Task PreloadAsync(NodeTarget node, string serviceId, string generation, CancellationToken cancellationToken) => ActAsync(
        node, Request(node, HttpMethod.Post, $"/admin/api/services/{serviceId}/generations/{generation}/preload"),
        $"load generation '{generation}' of service '{serviceId}'", options.Value.ReadyTimeout, cancellationToken);

    /// <summary>Decides which generations answer; enables the service.</summary>
    public Task SetMappingAsync(NodeTarget node, string serviceId, NodeMapping mapping, CancellationToken cancellationToken)
    {
        var request = Request(node, HttpMethod.Post, $"/admin/api/services/{serviceId}/actions/setMapping");
        request.Content = JsonContent.Create(mapping, ApiNodeJson.Default.NodeMapping);
        return ActAsync(node, request, $"set the mapping of service '{serviceId}'", options.Value.ReadyTimeout, cancellationToken);
    }

    /// <summary>The first step of a switch: the node loads and checks all that a mapping needs, and waits.</summary>
    /// <param name="expiry">When nobody decides for so long, the node gives the switch up by itself.</param>
    public Task PrepareSwitchAsync(
        NodeTarget node, string serviceId, string switchId, NodeMapping mapping, TimeSpan expiry, CancellationToken cancellationToken)
    {
        var request = Request(node, HttpMethod.Put, $"/admin/api/services/{serviceId}/switches/{switchId}");
        request.Content = JsonContent.Create(new PrepareSwitch { Mapping = mapping, ExpiresInSeconds = expiry.TotalSeconds }, ApiNodeJson.Default.PrepareSwitch);
        return ActAsync(node, request, $"prepare the switch of service '{serviceId}'", options.Value.ReadyTimeout, cancellationToken);
    }

    /// <summary>The second step: the prepared mapping is in force on return.</summary>
    public Task CommitSwitchAsync(NodeTarget node, string serviceId, string switchId, CancellationToken cancellationToken) => ActAsync(
        node, Request(node, HttpMethod.Post, $"/admin/api/services/{serviceId}/switches/{switchId}/commit"), $"commit the switch of service '{serviceId}'",
        options.Value.NodeTimeout, cancellationToken);

    /// <summary>Gives a switch up, also one that the node has not heard of.</summary>
    public Task AbortSwitchAsync(NodeTarget node, string serviceId, string switchId, CancellationToken cancellationToken) => ActAsync(
        node, Request(node, HttpMethod.Post, $"/admin/api/services/{serviceId}/switches/{switchId}/abort"), $"abort the switch of service '{serviceId}'",
        options.Value.NodeTimeout, cancellationToken);

    public Task EnableAsync(NodeTarget node, string serviceId, CancellationToken cancellationToken) => ActAsync(
        node, Request(node, HttpMethod.Post, $"/admin/api/services/{serviceId}/actions/enable"), $"enable service '{serviceId}'",
        options.Value.NodeTimeout, cancellationToken);

    public Task DisableAsync(NodeTarget node, string serviceId, CancellationToken cancellationToken) => ActAsync(
        node, Request(node, HttpMethod.Post, $"/admin/api/services/{serviceId}/actions/disable"), $"disable service '{serviceId}'",
        options.Value.NodeTimeout, cancellationToken);

    /// <summary>Removes a service with all its generations; one that is not there is as good as removed.</summary>
    public async Task DeleteServiceAsync(NodeTarget node, string serviceId, CancellationToken cancellationToken)
    {
        using var request = Request(node, HttpMethod.Delete, $"/admin/api/services/{serviceId}");
        await CallAsync(node, request, $"delete service '{serviceId}'", options.Value.NodeTimeout, async (response, stop) =>
            response.StatusCode == HttpStatusCode.NotFound ? true : await CheckAsync(node, response, $"delete service '{serviceId}'", stop), cancellationToken);
    }

    /// <summary>Rate limits and quotas of a service with what they have counted; null when the node has no such service.</summary>
    public Task<NodeRateLimits?> FindLimitsAsync(NodeTarget node, string serviceId, CancellationToken cancellationToken) => FindAsync(
        node, $"/admin/api/services/{serviceId}/limits", $"tell the rate limits of service '{serviceId}'", ApiNodeJson.Default.NodeRateLimits, cancellationToken);

    /// <param name="rules">All of them: others go.</param>
    public Task SetLimitsAsync(NodeTarget node, string serviceId, IReadOnlyList<RateLimitRule> rules, CancellationToken cancellationToken)
    {
        var request = Request(node, HttpMethod.Put, $"/admin/api/services/{serviceId}/limits");
        request.Content = JsonContent.Create(new RateLimitRules(rules), ApiNodeJson.Default.RateLimitRules);
        return ActAsync(node, request, $"set the rate limits of service '{serviceId}'", options.Value.NodeTimeout, cancellationToken);
    }

    /// <summary>How the shadows of a service compare, with raw counts; null when the node has no such service.</summary>
    public Task<ShadowReport?> FindShadowsAsync(NodeTarget node, string serviceId, CancellationToken cancellationToken) => FindAsync(
        node, $"/admin/api/services/{serviceId}/shadows?counts=true", $"compare the shadows of service '{serviceId}'", ApiNodeJson.Default.ShadowReport, cancellationToken);

    /// <summary>The keys of a service, of its package and of the node; null when the node has no such service.</summary>
    public Task<IReadOnlyList<NodeServiceKey>?> FindKeysAsync(NodeTarget node, string serviceId, CancellationToken cancellationToken) => FindAsync(
        node, $"/admin/api/services/{serviceId}/keys", $"list the keys of service '{serviceId}'", ApiNodeJson.Default.IReadOnlyListNodeServiceKey, cancellationToken);

    /// <param name="keys">All that a Deployer wants there: others that it set before go; those of the package and of the node stay.</param>
    public Task SetKeysAsync(NodeTarget node, string serviceId, IReadOnlyList<DeployedKey> keys, CancellationToken cancellationToken)
    {
        var request = Request(node, HttpMethod.Put, $"/admin/api/services/{serviceId}/keys");
        request.Content = JsonContent.Create(new DeployedKeys(keys), ApiNodeJson.Default.DeployedKeys);
        return ActAsync(node, request, $"take the keys of service '{serviceId}'", options.Value.NodeTimeout, cancellationToken);
    }

    /// <summary>What a node has seen of a service, with raw counts.</summary>
    public async Task<DriftAnswer> ReadDriftAsync(NodeTarget node, string serviceId, DriftQuestion question, CancellationToken cancellationToken)
    {
        var query = new StringBuilder("?counts=true");
        foreach (var (name, value) in new[] { ("endpoint", question.Endpoint), ("generation", question.Generation), ("window", question.Window) })
            if (value is not null) query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        using var request = Request(node, HttpMethod.Get, $"/admin/api/services/{serviceId}/drift{query}");
        return await CallAsync(node, request, $"tell of drift of service '{serviceId}'", options.Value.NodeTimeout,
            (response, stop) => ReadAsync(node, response, DriftJson.Default.DriftAnswer, stop), cancellationToken);
    }

    /// <summary>Asks an endpoint as any caller would. An error answer is an answer here, not an exception.</summary>
    /// <param name="function">Last part of the path, such as <c>predict</c>.</param>
    public async Task<NodeAnswer> QueryAsync(
        NodeTarget node, string serviceId, string endpointId, string function, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = Request(node, HttpMethod.Post, $"/public/api/v1/{serviceId}/{endpointId}/{function}");
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await CallAsync(node, request, $"answer a query to '{serviceId}/{endpointId}'", options.Value.NodeTimeout, async (response, stop) =>
            new NodeAnswer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(stop)), cancellationToken);
    }

    private static HttpRequestMessage Request(NodeTarget node, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, node.Url + path);
        if (node.AdminKey is { Length: > 0 } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        return request;
    }

    private static string PackagePath(string serviceId, string digest) => $"/admin/api/services/{serviceId}/packages/{digest}";

    private async Task<T?> FindAsync<T>(NodeTarget node, string path, string action, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = Request(node, HttpMethod.Get, path);
        return await CallAsync(node, request, action, options.Value.NodeTimeout, async (response, stop) =>
            response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(node, response, type, stop), cancellationToken);
    }

    private async Task<NodeImport> ImportAsync(NodeTarget node, HttpRequestMessage request, string action, CancellationToken cancellationToken)
    {
        using (request)
            return await CallAsync(node, request, action, options.Value.UploadTimeout, (response, stop) => ReadAsync(node, response, ApiNodeJson.Default.NodeImport, stop), cancellationToken);
    }

    private async Task ActAsync(NodeTarget node, HttpRequestMessage request, string action, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using (request)
            await CallAsync(node, request, action, timeout, (response, stop) => CheckAsync(node, response, action, stop), cancellationToken);
    }

    private async Task<T> CallAsync<T>(
        NodeTarget node, HttpRequestMessage request, string action, TimeSpan timeout,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && IsAdmin(request))
                throw new NodeException(node.Url, NodeFault.WrongKey,
                    $"Node {node.Url} does not take our admin key. Set the node's adminAPIKey in the settings of the infrastructure.");
            return await read(response, limit.Token);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NodeException(node.Url, NodeFault.Timeout,
                $"Node {node.Url} did not {action} within {timeout.TotalSeconds:0.#} s. Check its load and its log.", cause);
        }
        catch (HttpRequestException cause)
        {
            throw Unreachable(node, action, cause);
        }
        catch (IOException cause)
        {
            throw Unreachable(node, action, cause);
        }
    }

    private static bool IsAdmin(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.Contains("/admin/api/", StringComparison.Ordinal);

    private static NodeException Unreachable(NodeTarget node, string action, Exception cause)
    {
        if (cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
            return new NodeException(node.Url, NodeFault.Unreachable,
                $"Node {node.Url} cannot be reached securely to {action}: {cause.GetBaseException().Message} Start the Deployer with --node-ca, and name the node as its certificate does.", cause);
        var reason = cause.GetBaseException() is SocketException socket ? socket.SocketErrorCode.ToString() : cause.Message;
        return new NodeException(node.Url, NodeFault.Unreachable,
            $"Node {node.Url} cannot be reached to {action}: {reason}. Check that it runs and that its address is right.", cause);
    }

    private static async Task<T> ReadAsync<T>(NodeTarget node, HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        await CheckAsync(node, response, "answer", cancellationToken);
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException cause)
        {
            throw new NodeException(node.Url, NodeFault.NotANode,
                $"What answers at {node.Url} does not speak like an API node: {cause.Message} Check the address.", cause);
        }
    }

    /// <returns>True; a status of 400 or more is an exception.</returns>
    private static async Task<bool> CheckAsync(NodeTarget node, HttpResponseMessage response, string action, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return true;
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new NodeException(node.Url, NodeFault.Refused,
            $"Node {node.Url} refused to {action} with status {(int)response.StatusCode}: {Reason(text)}") { ErrorType = TryReadError(text)?.ErrorType };
    }

    /// <summary>The message of an error object; of anything else, its text.</summary>
    private static string Reason(string body)
    {
        if (TryReadError(body) is { } error && (error.DetailedMessage ?? error.Message) is { Length: > 0 } message) return message;
        return body.Length switch
        {
            0 => "no reason given.",
            > MaxErrorChars => body[..MaxErrorChars],
            _ => body,
        };
    }

    private static NodeErrorAnswer? TryReadError(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, NodeJson.Default.NodeErrorAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
