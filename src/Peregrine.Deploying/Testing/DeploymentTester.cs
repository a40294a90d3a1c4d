using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Deployments;
using Peregrine.Deploying.Nodes;
using Peregrine.Deploying.Services;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Testing;

/// <summary>Sends queries to a live deployment and reports the answers: through the same door that callers use.</summary>
public sealed class DeploymentTester
{
    private const int MaxQueries = 10_000;

    private readonly DeploymentPlans _plans;
    private readonly PublishedPackages _packages;
    private readonly ApiNodeClient _client;
    private readonly TimeProvider _time;

    internal DeploymentTester(DeploymentPlans plans, PublishedPackages packages, ApiNodeClient client, TimeProvider time)
    {
        _plans = plans;
        _packages = packages;
        _client = client;
        _time = time;
    }

    /// <param name="endpointId">Null when the service has one endpoint.</param>
    /// <param name="queries"><c>[{"q":{…}}]</c>; null takes the test queries stored in the deployed version.</param>
    /// <param name="explain">Whether each query asks for explanations, whatever it says itself.</param>
    public async Task<QueryRunReport> RunTestQueriesAsync(string deploymentId, string? endpointId, JsonArray? queries, bool explain, CancellationToken cancellationToken)
    {
        var (plan, version) = await FindAsync(deploymentId, cancellationToken);
        var endpoint = EndpointOf(version, endpointId);
        var sent = queries ?? await _packages.ReadTestQueriesAsync(version, endpoint.Id, cancellationToken);
        if (sent.Count == 0)
            throw ApiError.BadRequest(
                $"Version '{version.Id}' has no test queries for endpoint '{endpoint.Id}'.",
                $"Version '{version.Id}' has no test queries for endpoint '{endpoint.Id}'. Add some in the API Designer before packaging, or send queries with the call.",
                "NoTestQueries").AsException();
        return await RunAsync(plan, endpoint, sent, explain, cancellationToken);
    }

    /// <param name="endpointId">Null when the service has one endpoint.</param>
    /// <param name="queries"><c>[{"q":{…}}]</c></param>
    /// <param name="explain">Whether each query asks for explanations, whatever it says itself.</param>
    public async Task<QueryRunReport> RunQueriesAsync(string deploymentId, string? endpointId, JsonArray queries, bool explain, CancellationToken cancellationToken)
    {
        var (plan, version) = await FindAsync(deploymentId, cancellationToken);
        return await RunAsync(plan, EndpointOf(version, endpointId), queries, explain, cancellationToken);
    }

    /// <summary>The OpenAPI document of what is deployed.</summary>
    public async Task<JsonObject> GetOpenApiAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var (plan, version) = await FindAsync(deploymentId, cancellationToken);
        var nodeUrl = plan.Nodes.Count > 0 ? plan.Nodes[0].Url : string.Empty;
        return await _packages.DescribeAsync(version, plan.Target!.ServiceIdOnNodes, nodeUrl, cancellationToken);
    }

    /// <summary>A request that an endpoint answers: its first test query, else one made up for its inputs.</summary>
    /// <param name="endpointId">Null when the service has one endpoint.</param>
    /// <returns>Null when its kind describes none.</returns>
    public async Task<JsonObject?> GetSampleAsync(string deploymentId, string? endpointId, CancellationToken cancellationToken)
    {
        var (plan, version) = await FindAsync(deploymentId, cancellationToken);
        var endpoint = EndpointOf(version, endpointId);
        var document = await _packages.DescribeAsync(version, plan.Target!.ServiceIdOnNodes, nodeUrl: string.Empty, cancellationToken);
        var call = $"/{endpoint.Id}/{EndpointFunctions.Of(endpoint.Type)}";
        var path = document["paths"]?.AsObject().FirstOrDefault(path => path.Key.EndsWith(call, StringComparison.Ordinal)).Value;
        var examples = path?["post"]?["requestBody"]?["content"]?["application/json"]?["examples"]?.AsObject();
        return examples?.FirstOrDefault().Value?["value"]?.DeepClone() as JsonObject;
    }

    /// <summary>The deployment with the version that gets the largest share of its requests.</summary>
    private async Task<(DeploymentPlan Plan, PublishedVersion Version)> FindAsync(string deploymentId, CancellationToken cancellationToken)
    {
        var plan = await _plans.GetAsync(deploymentId, cancellationToken);
        if (plan.Target is null)
            throw ApiError.NotFound(
                $"Deployment '{deploymentId}' has not reached its nodes yet.",
                $"Deployment '{deploymentId}' has not reached its nodes yet. Start an update first.", "NotDeployed").AsException();
        var generation = plan.Target.GenerationsMapping.Shares.MaxBy(share => share.Proba)!.Generation;
        return (plan, await _packages.GetAsync(plan.Settings.PublishedServiceId, generation, cancellationToken));
    }

    private static PublishedEndpoint EndpointOf(PublishedVersion version, string? endpointId)
    {
        var known = string.Join(", ", version.Endpoints.Select(endpoint => endpoint.Id));
        if (endpointId is null)
            return version.Endpoints is [var only] ? only : throw ApiError.BadRequest(
                $"Version '{version.Id}' has several endpoints.", $"Version '{version.Id}' has several endpoints. Name one of: {known}.", "EndpointNeeded").AsException();
        return version.Endpoints.FirstOrDefault(endpoint => endpoint.Id == endpointId) ?? throw ApiError.NotFound(
            $"Version '{version.Id}' has no endpoint '{endpointId}'.", $"Version '{version.Id}' has no endpoint '{endpointId}'. It has: {known}.", "EndpointNotFound").AsException();
    }

    private async Task<QueryRunReport> RunAsync(DeploymentPlan plan, PublishedEndpoint endpoint, JsonArray queries, bool explain, CancellationToken cancellationToken)
    {
        var bodies = BodiesOf(queries, explain);
        NodeException? silent = null;
        foreach (var node in plan.Nodes)
        {
            try
            {
                return await RunAsync(plan, node, endpoint, bodies, cancellationToken);
            }
            catch (NodeException fault) when (fault.IsUnreachable)
            {
                silent = fault;
            }
            catch (NodeException fault)
            {
                throw ApiError.BadGateway($"Node {node.Url} did not run the queries.", fault.Message, "NodeRefused").AsException(fault);
            }
        }

        throw ApiError.BadGateway(
            $"No node of infrastructure '{plan.Infra.Id}' answers.", silent?.Message ?? $"Infrastructure '{plan.Infra.Id}' has no API nodes.", "NoNodeAnswers").AsException(silent);
    }

    private async Task<QueryRunReport> RunAsync(
        DeploymentPlan plan, NodeTarget node, PublishedEndpoint endpoint, IReadOnlyList<JsonElement> bodies, CancellationToken cancellationToken)
    {
        var results = new List<QueryRunResult>(bodies.Count);
        foreach (var body in bodies)
            results.Add(await AskAsync(node, plan.Target!.ServiceIdOnNodes, endpoint, body, cancellationToken));
        return new QueryRunReport
        {
            DeploymentId = plan.DeploymentId, EndpointId = endpoint.Id, NodeUrl = node.Url,
            Success = results.TrueForAll(result => result.Success), Results = results,
        };
    }

    private async Task<QueryRunResult> AskAsync(
        NodeTarget node, string serviceId, PublishedEndpoint endpoint, JsonElement query, CancellationToken cancellationToken)
    {
        var clock = _time.GetTimestamp();
        var body = System.Text.Encoding.UTF8.GetBytes(query.GetRawText());
        var answer = await _client.QueryAsync(node, serviceId, endpoint.Id, EndpointFunctions.Of(endpoint.Type), body, cancellationToken);
        var isJson = TryParse(answer.Body, out var json);
        return new QueryRunResult
        {
            Success = answer.Success && isJson, Status = answer.Status, Query = query,
            Milliseconds = Math.Round(_time.GetElapsedTime(clock).TotalMilliseconds, 3),
            Answer = isJson ? json : null, Error = isJson ? null : "The answer is not JSON.",
        };
    }

    private static bool TryParse(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out JsonElement? json)
    {
        try
        {
            json = JsonElement.Parse(body.Span);
            return true;
        }
        catch (JsonException)
        {
            json = null;
            return false;
        }
    }

    private static IReadOnlyList<JsonElement> BodiesOf(JsonArray queries, bool explain)
    {
        if (queries.Count is 0 or > MaxQueries)
            throw ApiError.BadRequest($"Send 1 to {MaxQueries} queries; {queries.Count} came.", errorType: "BadQueries").AsException();
        return [.. queries.Select((query, index) => query is JsonObject { } entry && entry["q"] is JsonObject body
            ? JsonElement.Parse((explain ? Explained(body) : body).ToJsonString())
            : throw Refusals.Invalid("The list of queries", [new ApiErrorItem($"/{index}", "BadQuery", "A query has the form {\"q\":{…}}.")]))];
    }

    private static JsonObject Explained(JsonObject body)
    {
        var copy = (JsonObject)body.DeepClone();
        if (copy["explanations"] is not JsonObject wish) copy["explanations"] = wish = [];
        wish["enabled"] = true;
        return copy;
    }
}
