using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Commands;

namespace Peregrine.Verbs;

/// <summary>Times as people type and read them.</summary>
internal static class Moments
{
    /// <summary>When something ends: <c>2027-01-31</c>, <c>2027-01-31T12:00Z</c>, or a length from now such as <c>90d</c>.</summary>
    public static DateTimeOffset? End(string? text, string option)
    {
        if (text is null) return null;
        if (TryLength(text, out var length)) return DateTimeOffset.UtcNow + length;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw new UsageException($"{option} '{text}' is neither a date such as 2027-01-31 nor a length such as 90d, 12h or 30m.");
    }

    /// <summary>A length such as <c>90d</c>, <c>12h</c>, <c>30m</c> or <c>10s</c>.</summary>
    public static TimeSpan? Length(string? text, string option)
    {
        if (text is null) return null;
        return TryLength(text, out var length) ? length : throw new UsageException($"{option} '{text}' is no length of time such as 90d, 12h, 30m or 10s.");
    }

    /// <summary>Milliseconds since 1970 of an answer as a date and time; nothing when there are none.</summary>
    public static string Text(JsonNode? milliseconds) => milliseconds is null
        ? ""
        : Text(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.GetValue<long>()));

    public static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>When a key was used last. A node that is asked for the first time since an upgrade knows of none either, so it does not say never.</summary>
    public static string LastUse(DateTimeOffset? moment) => moment is { } known ? Text(known) : "none known";

    private static bool TryLength(string text, out TimeSpan length)
    {
        length = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 100_000) return false;
        TimeSpan? read = text[^1] switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            's' => TimeSpan.FromSeconds(number),
            _ => null,
        };
        length = read ?? default;
        return read is not null;
    }
}
