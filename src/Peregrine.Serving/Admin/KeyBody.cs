using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Admin;

/// <summary>Members of the bodies that make keys.</summary>
internal static class KeyBody
{
    public static string? Text(JsonObject body, string member) => body[member] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw Bad(member, "must be a string or null"),
    };

    /// <summary>Milliseconds since 1970, or a date and time with a zone.</summary>
    public static DateTimeOffset? Moment(JsonObject body, string member)
    {
        var node = body[member];
        if (node is null) return null;
        if (node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue<long>(out var milliseconds)
            && milliseconds is >= 0 and <= 253_402_300_799_999) // the last millisecond of year 9999
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        if (node.GetValueKind() == JsonValueKind.String
            && DateTimeOffset.TryParse(node.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return moment;
        throw Bad(member, "must be milliseconds since 1970, a date and time, or null");
    }

    /// <summary>Whole seconds, 0 to ten years.</summary>
    public static TimeSpan? Seconds(JsonObject body, string member)
    {
        var node = body[member];
        if (node is null) return null;
        if (node.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue<long>(out var seconds) && seconds is >= 0 and <= 315_576_000)
            return TimeSpan.FromSeconds(seconds);
        throw Bad(member, "must be a whole number of seconds from 0 to 315576000, or null");
    }

    public static IReadOnlyList<string>? Texts(JsonObject body, string member)
    {
        if (body[member] is not { } node) return null;
        if (node is JsonArray list && list.All(item => item?.GetValueKind() == JsonValueKind.String))
            return [.. list.Select(item => item!.GetValue<string>()).Distinct(StringComparer.Ordinal)];
        throw Bad(member, "must be a list of strings, or null");
    }

    public static ApiErrorException Bad(string member, string rule) =>
        (ApiError.BadRequest($"'{member}' {rule}.") with { Errors = [new ApiErrorItem($"/{member}", "WrongType", $"'{member}' {rule}.")] }).AsException();
}
