using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Futures;

namespace Peregrine.Designing.Rest;

/// <summary>Calls that answer with a future: short work is done when the answer leaves, long work goes on as a job.</summary>
internal static class JobAnswers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<IResult> RunAsync(
        FutureRegistry futures, string displayName, string actor, Func<CancellationToken, Task<JsonNode?>> work, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var future = futures.Start(
            new FutureRequest(displayName, actor), async (_, stop) => await work(stop) ?? new JsonObject(), JobJson.Default.JsonNode);
        await Task.WhenAny(future.Completion, Task.Delay(Patience, time, cancellationToken));
        if (future.Error is { } fault) ExceptionDispatchInfo.Throw(fault);
        return Results.Json(FutureState.Of(future), JobJson.Default.FutureState);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(FutureState))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class JobJson : JsonSerializerContext;
