using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Hosting.Http;

namespace Peregrine.Hosting.Futures;

/// <summary>
/// <c>/futures</c> under both bases of the public API. A failed or aborted job ends a caller's polling loop with an error
/// answer, since the public client has no other way to learn of it; <c>peek=True</c> always answers the state.
/// </summary>
public static class FuturesEndpoints
{
    private static readonly string[] Bases = ["/dip/publicapi/futures", "/public/api/futures"];

    /// <summary>Maps the routes once per application, however many engines ask.</summary>
    /// <param name="configure">Applied to both groups, for example to require authorization. Only the first caller's counts.</param>
    public static IEndpointRouteBuilder MapFutures(this IEndpointRouteBuilder routes, Action<RouteGroupBuilder>? configure = null)
    {
        if (!routes.ServiceProvider.GetRequiredService<FuturesMarker>().TryMap())
        {
            return routes;
        }

        foreach (var path in Bases)
        {
            var group = routes.MapGroup(path).WithTags("Futures");
            group.MapGet("/", List);
            group.MapGet("/{jobId}", Get);
            group.MapDelete("/{jobId}", AbortAsync);
            configure?.Invoke(group);
        }

        return routes;
    }

    private static IResult List(FutureRegistry futures)
    {
        IReadOnlyList<FutureState> states = [.. futures.List().Select(future => FutureState.Of(future, withResult: false))];
        return TypedResults.Json(states, FutureJson.Default.IReadOnlyListFutureState);
    }

    private static IResult Get(string jobId, HttpRequest request, FutureRegistry futures)
    {
        if (futures.Find(jobId) is not { } future)
        {
            return FutureErrors.Unknown(jobId).AsResult();
        }

        var peek = QueryValues.Boolean(request, "peek");
        if (peek || future.Status is FutureStatus.Running or FutureStatus.Done)
        {
            return TypedResults.Json(FutureState.Of(future, withResult: !peek), FutureJson.Default.FutureState);
        }

        if (future.Error is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return FutureErrors.Aborted(future).AsResult();
    }

    private static async Task<IResult> AbortAsync(string jobId, FutureRegistry futures) =>
        await futures.AbortAsync(jobId) ? TypedResults.Text("""{"ok":true}""", "application/json") : FutureErrors.Unknown(jobId).AsResult();
}
