using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Draining;
using Peregrine.Hosting.Errors;
using Peregrine.Hosting.Health;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference.Rest;

/// <summary>Everything of the protocol but <c>infer</c>, which is answered ahead of routing.</summary>
internal static class OpenInferenceEndpoints
{
    /// <summary>The extensions of the protocol that are spoken here.</summary>
    public static readonly string[] Extensions = ["binary_tensor_data", "statistics", "model_repository", "parameters"];

    public static readonly string Version = typeof(OpenInferenceEndpoints).Assembly.GetName().Version?.ToString(3) ?? "";

    public static IEndpointRouteBuilder MapOpenInference(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(ModelPaths.Root).AllowAnonymous();
        group.MapGet("/", Server);
        group.MapMethods("/health/live", ["GET", "HEAD"], Live).DisableHttpMetrics();
        group.MapMethods("/health/ready", ["GET", "HEAD"], Ready).DisableHttpMetrics();
        group.MapGet("/models", ListAsync);
        group.MapGet("/models/stats", AllStatisticsAsync);
        foreach (var prefix in new[] { "/models/{model}", "/models/{model}/versions/{version}" })
        {
            group.MapGet(prefix, MetadataAsync);
            group.MapGet($"{prefix}/ready", ModelReadyAsync);
            group.MapGet($"{prefix}/stats", ModelStatisticsAsync);
            group.MapPost($"{prefix}/infer", InferNowhereAsync);
        }

        group.MapPost("/repository/index", IndexAsync);
        group.MapPost("/repository/{repository}/index", IndexAsync);
        group.MapPost("/repository/models/{model}/load", (string model) => RepositoryIndex.NotHere("load", model).AsResult());
        group.MapPost("/repository/models/{model}/unload", (string model) => RepositoryIndex.NotHere("unload", model).AsResult());
        return routes;
    }

    private static ContentHttpResult Server(IOptions<OpenInferenceOptions> options) => Json(new JsonObject
    {
        ["name"] = options.Value.ServerName,
        ["version"] = Version,
        ["extensions"] = new JsonArray([.. Extensions.Select(extension => (JsonNode)extension)]),
    });

    private static ContentHttpResult Live() => Json(new JsonObject { ["live"] = true });

    private static ContentHttpResult Ready(IEnumerable<IReadinessCondition> conditions, DrainState drain)
    {
        drain.NoteProbe();
        var missing = conditions.Select(condition => condition.Check()).Where(state => !state.IsReady).Select(state => state.Reason).ToList();
        return missing.Count == 0
            ? Json(new JsonObject { ["ready"] = true })
            : Json(new JsonObject { ["ready"] = false, ["error"] = string.Join("; ", missing) }, StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<ContentHttpResult> ListAsync(ModelDirectory models, HttpContext context) =>
        Json(new JsonObject { ["models"] = new JsonArray([.. (await models.AllAsync(context)).Select(model => (JsonNode)model.Name)]) });

    private static async Task<ContentHttpResult> MetadataAsync(string model, string? version, ModelDirectory models, HttpContext context)
    {
        var (served, signature) = await models.GetAsync(model, version, context);
        return Json(ModelJson.Metadata(served, signature));
    }

    private static async Task<ContentHttpResult> ModelReadyAsync(string model, string? version, ModelDirectory models, HttpContext context)
    {
        await models.GetAsync(model, version, context);
        return Json(new JsonObject { ["name"] = model, ["ready"] = true });
    }

    private static async Task<ContentHttpResult> ModelStatisticsAsync(string model, string? version, ModelDirectory models, HttpContext context)
    {
        var (served, signature) = await models.GetAsync(model, version, context);
        var told = version is null ? served.Signatures : [signature];
        return Statistics(told);
    }

    private static async Task<ContentHttpResult> AllStatisticsAsync(ModelDirectory models, HttpContext context) => Statistics(
        (await models.AllAsync(context)).SelectMany(model => model.Signatures));

    private static ContentHttpResult Statistics(IEnumerable<ModelSignature> models) =>
        Json(new JsonObject { ["model_stats"] = new JsonArray([.. models.Select(model => (JsonNode)ModelJson.Statistics(model))]) });

    /// <summary>A path of infer that leads to no model; those that do are answered before routing, or here when the model came to serve meanwhile.</summary>
    private static async Task<IResult> InferNowhereAsync(string model, string? version, ModelDirectory models, UserApi api, HttpContext context)
    {
        if (!api.TryAnswer(context, out var answering))
        {
            await models.GetAsync(model, version, context);
            // There is such a model: it may have come between the two looks.
            if (!api.TryAnswer(context, out answering))
                return ApiError.NotFound($"There is nothing at {context.Request.Path}.", $"There is nothing at {context.Request.Path}. Leave out slashes at its end.").AsResult();
        }

        await answering;
        return Results.Empty;
    }

    private static async Task<IResult> IndexAsync(HttpContext context, RepositoryIndex index)
    {
        bool readyOnly;
        try
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            readyOnly = body.Length > 0 && (bool?)JsonNode.Parse(body)?["ready"] == true;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            return ApiError.BadRequest("The body must be an object such as {\"ready\": true}, or nothing.", errorType: "MalformedJson").AsResult();
        }

        return Json(new JsonArray([.. (await index.ListAsync(context, readyOnly)).Select(line => (JsonNode)new JsonObject
        {
            ["name"] = line.Name, ["version"] = line.Version, ["state"] = line.State, ["reason"] = line.Reason,
        })]));
    }

    private static ContentHttpResult Json(JsonNode body, int status = StatusCodes.Status200OK) => TypedResults.Text(body.ToJsonString(), "application/json", statusCode: status);
}
