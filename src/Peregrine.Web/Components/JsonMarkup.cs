using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Peregrine.Web.Components;

/// <summary>JSON as indented, coloured HTML. Every text in it is encoded.</summary>
internal static class JsonMarkup
{
    public static string Of(JsonElement json)
    {
        var html = new StringBuilder();
        Write(html, json, 0);
        return html.ToString();
    }

    /// <summary>Indented, for an editor.</summary>
    public static string Text(JsonElement json) => JsonSerializer.Serialize(json, Indented);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void Write(StringBuilder html, JsonElement json, int depth)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                WriteList(html, '{', '}', json.EnumerateObject(), depth, member =>
                {
                    Span(html, "j-name", member.Name, quoted: true);
                    html.Append(": ");
                    Write(html, member.Value, depth + 1);
                });
                break;
            case JsonValueKind.Array:
                WriteList(html, '[', ']', json.EnumerateArray(), depth, item => Write(html, item, depth + 1));
                break;
            case JsonValueKind.String:
                Span(html, "j-text", json.GetString() ?? "", quoted: true);
                break;
            case JsonValueKind.Number:
                Span(html, "j-number", json.GetRawText(), quoted: false);
                break;
            default:
                Span(html, "j-word", json.GetRawText(), quoted: false);
                break;
        }
    }

    private static void WriteList<T>(StringBuilder html, char open, char close, IEnumerable<T> items, int depth, Action<T> write)
    {
        html.Append(open);
        var any = false;
        foreach (var item in items)
        {
            html.Append(any ? ",\n" : "\n").Append(' ', (depth + 1) * 2);
            write(item);
            any = true;
        }
        if (any) html.Append('\n').Append(' ', depth * 2);
        html.Append(close);
    }

    private static void Span(StringBuilder html, string css, string text, bool quoted)
    {
        var shown = quoted ? JsonSerializer.Serialize(text, Indented) : text;
        html.Append(CultureInfo.InvariantCulture, $"<span class=\"{css}\">{HtmlEncoder.Default.Encode(shown)}</span>");
    }
}
