using System.Text;
using System.Text.Json;

namespace Peregrine.Client;

/// <summary>The error document of an answer as one text: the detailed message, then each place concerned on a line of its own.</summary>
internal static class ErrorAnswer
{
    /// <summary>Places shown; a file can have thousands.</summary>
    private const int MostPlaces = 20;

    public static ClientException Read(int status, byte[] body, Uri url, string keyHint)
    {
        var (type, text) = Parse(body);
        text ??= $"{url} answered with status {status}.";
        if (status == 401) text += " " + keyHint;
        return new ClientException(text, status, type);
    }

    private static (string? Type, string? Text) Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return (null, null);
            var root = document.RootElement;
            var text = new StringBuilder(Member(root, "detailedMessage") ?? Member(root, "message") ?? Member(root, "detail"));
            if (text.Length == 0) return (Member(root, "errorType"), null);
            if (root.TryGetProperty("errors", out var places) && places.ValueKind == JsonValueKind.Array)
                foreach (var place in places.EnumerateArray().Take(MostPlaces)) text.Append("\n  ").Append(Place(place));
            return (Member(root, "errorType"), text.ToString());
        }
        catch (JsonException)
        {
            return (null, body.Length is 0 or > 2000 ? null : Encoding.UTF8.GetString(body).Trim());
        }
    }

    private static string Place(JsonElement place) => $"{Member(place, "pointer")}: {Member(place, "message")}";

    private static string? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
