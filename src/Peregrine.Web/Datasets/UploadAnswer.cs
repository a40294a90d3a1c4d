using System.Text.Json;
using Peregrine.Web.Components;

namespace Peregrine.Web.Datasets;

/// <summary>Reads the answer to an upload.</summary>
internal static class UploadAnswer
{
    /// <summary>Null when the upload was taken, and when it was cancelled.</summary>
    public static Fault? FaultOf(int status, string body) => status switch
    {
        -1 or (>= 200 and < 300) => null,
        0 => new Fault(0, "The file did not arrive.", "The line to the server broke. Try again."),
        _ => Read(status, body),
    };

    private static Fault Read(int status, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var message = Text(root, "message") ?? $"The server refused the file with status {status}.";
            var detail = Text(root, "detailedMessage");
            return new Fault(status, message, detail == message ? null : detail?.Replace(message, "", StringComparison.Ordinal).Trim()) { Places = Places(root) };
        }
        catch (JsonException)
        {
            return new Fault(status, $"The server refused the file with status {status}.");
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IReadOnlyList<FaultPlace> Places(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array
            ? [.. errors.EnumerateArray().Select(error => new FaultPlace(Text(error, "pointer") ?? "", Text(error, "message") ?? ""))] : [];
}
