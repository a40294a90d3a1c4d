using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Errors;

/// <summary>An <see cref="ApiError"/> as the answer of a handler.</summary>
public sealed class ApiErrorResult(ApiError error) : IResult, IStatusCodeHttpResult
{
    public ApiError Error { get; } = error;

    public int? StatusCode => Error.Status;

    public Task ExecuteAsync(HttpContext httpContext) => ApiErrorWriter.WriteAsync(httpContext, Error, httpContext.RequestAborted);
}
