using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Explanations;

namespace Peregrine.Serving.Bulk;

/// <summary>The form of records or results on the wire.</summary>
internal enum RowMedia
{
    Json,
    Csv,
    JsonLines,
}

/// <summary>How a caller wants a stream to go.</summary>
/// <param name="StopOnError">Whether the first bad record ends the stream (the default); else it gets an error in its place and the stream goes on.</param>
/// <param name="Generation">The generation that the caller forces, or null.</param>
/// <param name="DispatchKey">The key that the caller sticks to, or null.</param>
/// <param name="FirstLine">The number that errors give to the line of the first record, for a part of a longer file; null: its place in the body.</param>
/// <param name="Coding">How the records are packed; null: not at all.</param>
internal sealed record BulkCall(RowMedia Input, RowMedia Output, bool StopOnError, string? Generation, string? DispatchKey, long? FirstLine, string? Coding = null)
{
    /// <summary>What the caller asked to explain; null is left to the endpoint's settings.</summary>
    public AskedExplanations Explanations { get; init; }

    /// <summary>Whether a call is one document of JSON for another, which needs none of this.</summary>
    public static bool IsPlain(HttpRequest request)
    {
        if (request.ContentType is { } content && content != "application/json" && MediaOf(content) is not (null or RowMedia.Json)) return false;
        return request.Headers.Accept.Count == 0 || !Wants(request, RowMedia.Json, out var wanted) || wanted == RowMedia.Json;
    }

    public static BulkCall? Read(HttpRequest request, out ApiError? error)
    {
        error = null;
        var input = MediaOf(request.ContentType ?? "application/json");
        if (input is not { } given) error = BulkFaults.UnknownMedia(request.ContentType!);
        else if (given == RowMedia.Json) error = BulkFaults.NotAcceptable();
        string? coding = null;
        var explanations = default(AskedExplanations);
        error ??= ContentCoding.Of(request, out coding);
        var onError = (string?)request.Query["onError"] ?? "stop";
        if (onError is not ("stop" or "skip")) error ??= BulkFaults.BadOption("onError", onError, "stop or skip");
        var firstLine = 0L;
        if ((string?)request.Query["firstLine"] is { } line && (!long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out firstLine) || firstLine < 1))
            error ??= BulkFaults.BadOption("firstLine", line, "a whole number from 1");
        error ??= ExplanationParameters.Read(request.QueryString.Value, out explanations);
        if (error is not null) return null;
        Wants(request, input!.Value, out var output);
        return new(input.Value, output, onError == "stop", request.Query["forcedGeneration"], request.Query["dispatchKey"], firstLine > 0 ? firstLine : null, coding)
        {
            Explanations = explanations,
        };
    }

    /// <summary>The form that the caller accepts with the largest weight; its own form when it accepts any or says nothing that is known.</summary>
    private static bool Wants(HttpRequest request, RowMedia own, out RowMedia wanted)
    {
        wanted = own;
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)) return false;
        foreach (var type in accepted.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1))
        {
            if (type.MatchesAllTypes) return true;
            if (MediaOf(type.MediaType.ToString()) is not { } media) continue;
            wanted = media;
            return true;
        }

        return false;
    }

    private static RowMedia? MediaOf(string contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return null;
        return type.MediaType.ToString().ToUpperInvariant() switch
        {
            "APPLICATION/JSON" => RowMedia.Json,
            "TEXT/CSV" => RowMedia.Csv,
            "APPLICATION/X-NDJSON" or "APPLICATION/NDJSON" or "APPLICATION/JSONL" or "APPLICATION/X-JSONLINES" => RowMedia.JsonLines,
            _ => null,
        };
    }
}
