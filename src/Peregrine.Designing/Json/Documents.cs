using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peregrine.Designing.Json;

/// <summary>Settings documents: JSON text in the store, a <see cref="JsonObject"/> in hand.</summary>
internal static class Documents
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Parse(string json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new InvalidDataException("A stored document is not a JSON object.");

    public static string Text(JsonNode document) => document.ToJsonString(Compact);

    /// <summary>The member as an object; made and added when it is absent or of another type.</summary>
    public static JsonObject Child(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child) return child;
        child = [];
        parent[name] = child;
        return child;
    }

    /// <summary>The member as an array; made and added when it is absent or of another type.</summary>
    public static JsonArray List(this JsonObject parent, string name)
    {
        if (parent[name] is JsonArray list) return list;
        list = [];
        parent[name] = list;
        return list;
    }

    public static string? String(this JsonObject parent, string name) =>
        parent[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool? Boolean(this JsonObject parent, string name) =>
        parent[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>Any number, whether it was parsed or put there as an integer by code.</summary>
    public static double? Number(this JsonObject parent, string name) =>
        parent[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    /// <summary>Adds the members of <paramref name="defaults"/> that are absent, at every depth; arrays and values that stand are kept.</summary>
    public static JsonObject FilledFrom(this JsonObject document, JsonObject defaults)
    {
        foreach (var (name, value) in defaults)
        {
            if (!document.TryGetPropertyValue(name, out var existing))
                document[name] = value?.DeepClone();
            else if (existing is JsonObject child && value is JsonObject childDefaults)
                child.FilledFrom(childDefaults);
        }

        return document;
    }
}
