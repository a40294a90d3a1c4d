using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.OpenApi;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>What stands under the user API beside predictions: the service's OpenAPI document, and every path that leads nowhere.</summary>
internal sealed class UnusualPaths(NodeState state, ServingMetrics metrics, AuthenticationMetrics authentication, AdminCallers admins)
{
    private const StringSplitOptions Segments = StringSplitOptions.RemoveEmptyEntries;

    /// <summary>Makes one slash of several and drops the last one. False when the path is not one of the user API.</summary>
    public static bool TryNormalise(string path, out string normal)
    {
        normal = path;
        if (!path.StartsWith(NodeSnapshot.UserApi, StringComparison.Ordinal) && !path.StartsWith("//", StringComparison.Ordinal)
            && !path.Contains("//", StringComparison.Ordinal))
            return false;
        normal = "/" + string.Join('/', path.Split('/', Segments));
        return normal.StartsWith(NodeSnapshot.UserApi, StringComparison.Ordinal);
    }

    /// <param name="path">Normalised, below the user API.</param>
    public Task AnswerAsync(HttpContext context, string path)
    {
        var parts = path[NodeSnapshot.UserApi.Length..].Split('/', Segments);
        var current = state.Current;
        if (!current.Services.TryGetValue(parts[0], out var service)) return Refuse(context, "service_not_found", DispatchFaults.UnknownService(current, parts[0]));
        if (!service.IsServing) return Refuse(context, "service_not_serving", DispatchFaults.NotServing(service));
        if ((service.Authorizer.Authorize(context.Request) ?? admins.Find(context.Request)) is null)
            return Refuse(context, "unauthorized", CallerFaults.Refuse(context.Request, authentication));
        if (parts is [_, "openapi.json" or "swagger"]) return WriteDocumentAsync(context, service);
        if (parts.Length < 2 || !service.Forceable.Any(generation => generation.Endpoints.ContainsKey(parts[1])))
            return Refuse(context, "endpoint_not_found", DispatchFaults.UnknownEndpoint(service, parts.ElementAtOrDefault(1) ?? ""));
        return Refuse(context, "call_not_found", DispatchFaults.UnknownCall(service, parts[1], string.Join('/', parts[2..])));
    }

    private Task Refuse(HttpContext context, string reason, ApiError error)
    {
        metrics.Reject(reason);
        return ErrorAnswer.WriteAsync(context, error);
    }

    /// <summary>The document of the generation with the first share.</summary>
    private static Task WriteDocumentAsync(HttpContext context, ServiceSnapshot service)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Get;
            return ErrorAnswer.WriteAsync(context, ApiError.MethodNotAllowed($"{context.Request.Path} takes GET only."));
        }

        var generation = service.Targets[0];
        JsonObject document = OpenApiDocument.Build(
            generation.Manifest with { ServiceId = service.Id }, generation.Endpoints.Values.Select(endpoint => endpoint.Prediction));
        return TypedResults.Text(document.ToJsonString(), "application/json").ExecuteAsync(context);
    }
}
