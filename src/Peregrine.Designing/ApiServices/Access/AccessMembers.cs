using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;

namespace Peregrine.Designing.ApiServices.Access;

/// <summary>Members of documents about who may ask, read strictly: what is of another type is a fault at its place, never taken for absent.</summary>
internal static class AccessMembers
{
    /// <summary>Longest that a length of time may be: ten years.</summary>
    private const long MostSeconds = 315_576_000;

    private const long LastMillisecond = 253_402_300_799_999; // of year 9999

    public static string? Text(JsonObject parent, string member, string pointer, List<ApiErrorItem> faults)
    {
        if (parent[member] is not { } node) return null;
        if (parent.String(member) is { } text) return text;
        Bad(faults, $"{pointer}/{member}", member, "is a text or null", node);
        return null;
    }

    /// <summary>Milliseconds since 1970, or a date and time, in UTC unless it names its zone.</summary>
    public static DateTimeOffset? Moment(JsonObject parent, string member, string pointer, List<ApiErrorItem> faults)
    {
        if (parent[member] is not { } node) return null;
        if (Whole(node) is >= 0 and <= LastMillisecond and var milliseconds) return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        if (parent.String(member) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) return moment;
        Bad(faults, $"{pointer}/{member}", member, "is milliseconds since 1970, a date and time, or null", node);
        return null;
    }

    /// <summary>Whole seconds, 0 to ten years.</summary>
    public static TimeSpan? Seconds(JsonObject parent, string member, string pointer, List<ApiErrorItem> faults)
    {
        if (parent[member] is not { } node) return null;
        if (Whole(node) is >= 0 and <= MostSeconds and var seconds) return TimeSpan.FromSeconds(seconds);
        Bad(faults, $"{pointer}/{member}", member, $"is a whole number of seconds from 0 to {MostSeconds}, or null", node);
        return null;
    }

    /// <summary>A list of texts, each once; null when there is none.</summary>
    public static IReadOnlyList<string>? Texts(JsonObject parent, string member, string pointer, List<ApiErrorItem> faults)
    {
        if (parent[member] is not { } node) return null;
        if (node is JsonArray list && list.All(item => item is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text)))
            return [.. list.Select(item => item!.GetValue<string>()).Distinct(StringComparer.Ordinal)];
        Bad(faults, $"{pointer}/{member}", member, "is a list of texts that are not empty, or null", node);
        return null;
    }

    public static long? Whole(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    public static void Bad(List<ApiErrorItem> faults, string pointer, string member, string rule, JsonNode? found)
    {
        var shown = found?.ToJsonString() ?? "null";
        if (shown.Length > 60) shown = shown[..60] + "…";
        faults.Add(new ApiErrorItem(pointer, "WrongType", $"'{member}' {rule}; this is {shown}."));
    }

    /// <exception cref="ApiErrorException">400 with an item for each fault.</exception>
    public static void Refuse(string what, List<ApiErrorItem> faults)
    {
        if (faults.Count == 0) return;
        var summary = string.Join(" ", faults.Select(fault => fault.Message));
        throw (ApiError.BadRequest(what, summary, "BadSettings") with { Errors = faults }).AsException();
    }
}
