using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Futures;

/// <summary>The answer of a call that started a job: the future's state, with its result when it ended at once.</summary>
public static class FutureAnswer
{
    public static IResult Of(Future future) => TypedResults.Json(FutureState.Of(future), FutureJson.Default.FutureState);
}
