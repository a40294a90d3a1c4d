using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Access;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Rest;
using Peregrine.Serving.OpenApi;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>What stands under the user API beside predictions: the service's OpenAPI document and its page, and every path that leads nowhere.</summary>
internal sealed class UnusualPaths(ServingMetrics metrics, AccessControl access, DocumentAnswers documents)
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
    /// <param name="current">One snapshot for the whole answer: with two, a service that is switched on meanwhile would be told to have no such call.</param>
    public async Task AnswerAsync(HttpContext context, string path, NodeSnapshot current)
    {
        // It led nowhere when the request came, and does now.
        if (current.Find(path) is not null)
        {
            await Refuse(context, "service_moved", PredictionEngine.Moved);
            return;
        }

        if (ModelPaths.IsUnder(path))
        {
            await Refuse(context, "model_not_found", ModelFaults.Unknown(current, path));
            return;
        }

        var parts = path[NodeSnapshot.UserApi.Length..].Split('/', Segments);
        if (parts.Length == 0 || !current.Services.TryGetValue(parts[0], out var service))
            await Refuse(context, "service_not_found", DispatchFaults.UnknownService(current, parts.ElementAtOrDefault(0) ?? ""));
        else if (!service.IsServing)
            await Refuse(context, "service_not_serving", DispatchFaults.NotServing(service));
        else if (DocumentAnswers.IsPage(context.Request, parts))
            await DocumentAnswers.WritePageAsync(context);
        else if (await access.AuthorizeAsync(context, service, endpoint: null) is { Error: { } refusal })
            await Refuse(context, "unauthorized", refusal);
        else if (DocumentAnswers.IsDocument(parts))
            await documents.WriteDocumentAsync(context, service);
        else if (parts.Length < 2 || !service.Forceable.Any(generation => generation.Has(parts[1])))
            await Refuse(context, "endpoint_not_found", DispatchFaults.UnknownEndpoint(service, parts.ElementAtOrDefault(1) ?? ""));
        else
            await Refuse(context, "call_not_found", DispatchFaults.UnknownCall(service, parts[1], string.Join('/', parts[2..])));
    }

    private Task Refuse(HttpContext context, string reason, ApiError error)
    {
        metrics.Reject(reason);
        return ErrorAnswer.WriteAsync(context, error);
    }
}
