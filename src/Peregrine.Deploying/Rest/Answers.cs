using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Peregrine.Deploying.Store;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Rest;

/// <summary>Answers of the same form on every call.</summary>
internal static class Answers
{
    private static readonly byte[] OkBody = """{"ok":true}"""u8.ToArray();

    /// <summary>What a call without a result answers: fits callers that want JSON and those that want nothing.</summary>
    public static IResult Ok() => TypedResults.Bytes(OkBody, "application/json");

    public static IResult Json<T>(T value, JsonTypeInfo<T> type) => TypedResults.Json(value, type);

    /// <summary>A document with its revision as ETag.</summary>
    public static IResult Document<T>(HttpContext context, Revised<T> document, JsonTypeInfo<T> type)
    {
        context.Response.Headers.ETag = $"\"{document.Revision}\"";
        return TypedResults.Json(document.Value, type);
    }

    /// <summary>The revision that a write is based on; null when the caller does not say.</summary>
    public static int? BasedOn(HttpRequest request)
    {
        var given = request.GetTypedHeaders().IfMatch;
        if (given.Count == 0 || given.Contains(EntityTagHeaderValue.Any)) return null;
        return int.TryParse(given[0].Tag.AsSpan().Trim('"'), out var revision)
            ? revision
            : throw ApiError.PreconditionFailed("If-Match does not hold an ETag of this document.").AsException();
    }

    /// <summary>Name of the key or user who asks.</summary>
    public static string? Requester(HttpContext context) => context.User.Identity?.Name;
}
