using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Peregrine.Hosting.Errors;

namespace Peregrine.Hosting.Http;

/// <summary>
/// Reads a JSON request body the way the wire contract asks: any Content-Type or none, an empty body is <c>{}</c>, bare
/// <c>NaN</c> and <c>Infinity</c> are null. What cannot be read is an <see cref="ApiErrorException"/> that tells the place.
/// </summary>
public static class JsonBody
{
    /// <summary>Bytes that a JSON body may have unless the call says otherwise.</summary>
    public const int DefaultLimit = 10 * 1024 * 1024;

    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The body as an object.</summary>
    public static async Task<JsonObject> ReadObjectAsync(HttpRequest request, CancellationToken cancellationToken, int limit = DefaultLimit) =>
        await ReadAsync(request, cancellationToken, limit) as JsonObject
        ?? throw ApiError.BadRequest("The request body must be a JSON object.", errorType: "MalformedJson").AsException();

    /// <summary>The body as any JSON value; null is the literal <c>null</c>.</summary>
    public static async Task<JsonNode?> ReadAsync(HttpRequest request, CancellationToken cancellationToken, int limit = DefaultLimit)
    {
        var utf8 = await ReadUtf8Async(request, limit, cancellationToken);
        return Parse(utf8, static json => JsonNode.Parse(json.Span, documentOptions: DocumentOptions));
    }

    /// <summary>The body as a contract type, read by generated code.</summary>
    public static async Task<T> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken, int limit = DefaultLimit)
        where T : class
    {
        var utf8 = await ReadUtf8Async(request, limit, cancellationToken);
        return Parse(utf8, json => JsonSerializer.Deserialize(json.Span, type))
               ?? throw ApiError.BadRequest("The request body must be a JSON object, not null.", errorType: "MalformedJson").AsException();
    }

    /// <summary>The whole body, <c>{}</c> when it is empty, without byte order mark and without non-finite numbers.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadUtf8Async(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) throw TooLarge(limit);
        RaiseServerLimit(request, limit);
        var body = await CollectAsync(request.BodyReader, limit, cancellationToken);
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        return body.Span.Trim(" \t\r\n"u8).IsEmpty ? "{}"u8.ToArray() : NonFiniteNumbers.ToNull(body);
    }

    private static async Task<ReadOnlyMemory<byte>> CollectAsync(PipeReader reader, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit) throw TooLarge(limit);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static T? Parse<T>(ReadOnlyMemory<byte> utf8, Func<ReadOnlyMemory<byte>, T?> parse)
    {
        if (!IsText(utf8.Span)) throw ApiError.BadRequest("The request body is not Unicode text in UTF-8.", errorType: "MalformedJson").AsException();
        try
        {
            return parse(utf8);
        }
        catch (JsonException malformed)
        {
            throw Malformed(malformed).AsException(malformed);
        }
    }

    /// <summary>Whether each string in it can be read, which the parser finds out no sooner than somebody asks for it: UTF-8, and no half of a surrogate pair.</summary>
    private static bool IsText(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) return false;
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0) return true;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) _ = reader.GetString();
            return true;
        }
        catch (JsonException)
        {
            // What is wrong is told where it is parsed.
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static ApiError Malformed(JsonException malformed)
    {
        var place = malformed.LineNumber is { } line ? $" at line {line + 1}, byte {malformed.BytePositionInLine + 1}" : string.Empty;
        var member = malformed.Path is { Length: > 1 } path ? $" ({path})" : string.Empty;
        return ApiError.BadRequest(
            $"The request body is not the JSON expected{place}{member}.",
            $"The request body is not the JSON expected{place}{member}: {malformed.Message}", "MalformedJson");
    }

    private static void RaiseServerLimit(HttpRequest request, int limit)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature
            && feature.MaxRequestBodySize < limit)
            feature.MaxRequestBodySize = limit;
    }

    private static ApiErrorException TooLarge(int limit) => ApiError.PayloadTooLarge(
        $"The request body is larger than the {limit:N0} bytes that this call takes.",
        $"The request body is larger than the {limit:N0} bytes that this call takes. Send less at a time.").AsException();
}
