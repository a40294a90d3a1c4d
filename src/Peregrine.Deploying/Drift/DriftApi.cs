using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Deploying.Rest;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Http;
using Peregrine.Packages.Drift;

namespace Peregrine.Deploying.Drift;

internal static class DriftApi
{
    public static void MapDrift(this IEndpointRouteBuilder routes) => routes.MapGet("/deployments/{deploymentId}/drift", GetAsync);

    private static async Task<IResult> GetAsync(string deploymentId, HttpRequest request, DeploymentDrift drift, CancellationToken cancellationToken)
    {
        var withCounts = QueryValues.Boolean(request, "counts");
        var question = new DriftQuestion(QueryValues.Text(request, "endpoint"), QueryValues.Text(request, "generation"), WindowOf(request));
        var answer = await drift.ReadAsync(deploymentId, question, cancellationToken);
        return Answers.Json(withCounts ? answer : answer with { Reports = [.. answer.Reports.Select(DriftComparison.WithoutCounts)] }, DriftJson.Default.DriftAnswer);
    }

    /// <summary>Which windows there are, the nodes know; here only the form is checked.</summary>
    private static string? WindowOf(HttpRequest request)
    {
        var window = QueryValues.Text(request, "window");
        if (window is null or "load" || (window.Length > 1 && window[^1] is 'm' or 'h' or 'd' && window.AsSpan(..^1).IndexOfAnyExceptInRange('0', '9') < 0)) return window;
        var message = $"Query parameter 'window' is '{window}', but must be a length such as 1h or 1d, or load.";
        throw (ApiError.BadRequest(message, message, "BadQueryParameter") with { Errors = [new ApiErrorItem("window", "BadQueryParameter", message)] }).AsException();
    }
}
