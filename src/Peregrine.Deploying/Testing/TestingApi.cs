using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Rest;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;

namespace Peregrine.Deploying.Testing;

internal static class TestingApi
{
    public static void MapTesting(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/deployments/{deploymentId}");
        group.MapPost("/actions/run-test-queries", RunTestQueriesAsync);
        group.MapPost("/actions/run-queries", RunQueriesAsync);
        group.MapGet("/get-open-api", GetOpenApiAsync);
    }

    private static async Task<IResult> RunTestQueriesAsync(
        string deploymentId, HttpRequest request, DeploymentTester tester, CancellationToken cancellationToken)
    {
        var queries = Queries(request, "testQueriesParam");
        var report = await tester.RunTestQueriesAsync(deploymentId, QueryValues.Text(request, "endpointIdParam"), queries, Explain(request), cancellationToken);
        return Answers.Json(report, DeployerJson.Default.QueryRunReport);
    }

    private static async Task<IResult> RunQueriesAsync(
        string deploymentId, HttpRequest request, DeploymentTester tester, CancellationToken cancellationToken)
    {
        var queries = Queries(request, "queries") ?? throw ApiError.BadRequest(
            "Query parameter 'queries' is missing.", "Query parameter 'queries' is missing: send [{\"q\":{…}}] as JSON text.", "BadQueryParameter").AsException();
        var report = await tester.RunQueriesAsync(deploymentId, QueryValues.Text(request, "endpointId"), queries, Explain(request), cancellationToken);
        return Answers.Json(report, DeployerJson.Default.QueryRunReport);
    }

    private static async Task<IResult> GetOpenApiAsync(string deploymentId, DeploymentTester tester, CancellationToken cancellationToken) =>
        TypedResults.Text((await tester.GetOpenApiAsync(deploymentId, cancellationToken)).ToJsonString(), "application/json");

    private static bool Explain(HttpRequest request) => QueryValues.Boolean(request, "explain");

    private static JsonArray? Queries(HttpRequest request, string parameter) => QueryValues.Json(request, parameter) switch
    {
        null => null,
        JsonArray list => list,
        _ => throw ApiError.BadRequest($"Query parameter '{parameter}' must be a JSON list: [{{\"q\":{{…}}}}].", errorType: "BadQueryParameter").AsException(),
    };
}
