using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;

namespace Peregrine.Designing.ApiServices;

/// <summary>Pushes packages to the API Deployer, over HTTP also when it runs in this very process.</summary>
internal sealed class DeployerPublisher(HttpClient http, IOptions<DesigningOptions> options)
{
    private const string Services = "/dip/publicapi/api-deployer/services";

    /// <summary>Makes the service when it is absent, then adds the version.</summary>
    /// <exception cref="ApiErrorException">The Deployer is not set, out of reach, or refuses.</exception>
    public async Task PublishAsync(string serviceId, string packageId, Stream archive, CancellationToken cancellationToken)
    {
        if (options.Value.DeployerUrl is null)
            throw ApiError.Conflict(
                "This node has no API Deployer to publish to.",
                "This node has no API Deployer to publish to. Start it with the Deployer's URL and key, or download the archive and import it there.",
                "NoDeployer").AsException();
        if (!await ExistsAsync(serviceId, cancellationToken)) await CreateAsync(serviceId, cancellationToken);
        using var form = new MultipartFormDataContent
        {
            { new StreamContent(archive), "file", $"{serviceId}-{packageId}.zip" },
        };
        using var answer = await SendAsync(HttpMethod.Post, $"{Services}/{serviceId}/versions", form, cancellationToken);
        await EnsureAsync(answer, $"take version '{packageId}' of service '{serviceId}'", cancellationToken);
    }

    private async Task<bool> ExistsAsync(string serviceId, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"{Services}/{serviceId}", null, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound) return false;
        await EnsureAsync(answer, $"tell of service '{serviceId}'", cancellationToken);
        return true;
    }

    private async Task CreateAsync(string serviceId, CancellationToken cancellationToken)
    {
        var body = Documents.Text(new JsonObject { ["publishedServiceId"] = serviceId });
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await SendAsync(HttpMethod.Post, Services, content, cancellationToken);

        // Another publication may have made it meanwhile.
        if (answer.StatusCode != HttpStatusCode.Conflict) await EnsureAsync(answer, $"make service '{serviceId}'", cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var root = options.Value.DeployerUrl!.AbsoluteUri.TrimEnd('/');
        using var request = new HttpRequestMessage(method, new Uri(root + path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Value.DeployerKey);
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException fault)
        {
            throw OutOfReach(fault.Message, fault);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw OutOfReach($"there was no answer within {options.Value.DeployerTimeout.TotalSeconds:F0} s", fault);
        }
    }

    private ApiErrorException OutOfReach(string reason, Exception fault) => ApiError.BadGateway(
        $"The API Deployer at {options.Value.DeployerUrl} is out of reach: {reason}.",
        $"The API Deployer at {options.Value.DeployerUrl} is out of reach: {reason}. Check that it runs and that its URL is right, then publish again.",
        "DeployerOutOfReach").AsException(fault);

    private async Task EnsureAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode) return;
        var reason = Reason(await answer.Content.ReadAsStringAsync(cancellationToken)) ?? $"status {(int)answer.StatusCode}";
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw ApiError.BadGateway(
                $"The API Deployer at {options.Value.DeployerUrl} does not accept this node's key.",
                $"The API Deployer at {options.Value.DeployerUrl} does not accept this node's key: {reason} Set a key that it knows.",
                "DeployerKeyRefused").AsException();
        var message = $"The API Deployer refused to {what}: {reason}";
        throw ((int)answer.StatusCode is >= 400 and < 500
            ? ApiError.Of((int)answer.StatusCode, "DeployerRefused", message)
            : ApiError.BadGateway(message, errorType: "DeployerFailed")).AsException();
    }

    private static string? Reason(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject error ? error.String("detailedMessage") ?? error.String("message") : null;
        }
        catch (JsonException)
        {
            return body.Length is > 0 and < 500 ? body : null;
        }
    }
}
