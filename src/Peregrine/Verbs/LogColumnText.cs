using System.Globalization;
using System.Text.Json.Nodes;

namespace Peregrine.Verbs;

/// <summary>A rule of the query log as a word of the command line: <c>card_id=hash</c>, <c>amount=bucket:10,100</c>, <c>context:customer_*=drop</c>.</summary>
internal static class LogColumnText
{
    public const string Form = "[features:|context:]COLUMN=keep|hash|drop|bucket:EDGE,EDGE,…";

    private static readonly string[] s_actions = ["keep", "hash", "drop", "bucket"];

    /// <summary>The rule as the settings have it; null when the word is none.</summary>
    public static JsonObject? TryParse(string text)
    {
        var equals = text.LastIndexOf('=');
        if (equals < 1) return null;
        var (column, action, edges) = (text[..equals], text[(equals + 1)..], (string?)null);
        if (action.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon) (action, edges) = (action[..colon], action[(colon + 1)..]);
        if (!s_actions.Contains(action, StringComparer.OrdinalIgnoreCase)) return null;
        var part = "ANY";
        foreach (var one in (string[])["features", "context"])
            if (column.StartsWith(one + ":", StringComparison.Ordinal)) (part, column) = (one.ToUpperInvariant(), column[(one.Length + 1)..]);
        var rule = new JsonObject { ["column"] = column, ["in"] = part, ["action"] = action.ToUpperInvariant() };
        if (edges is null) return rule;
        var list = new JsonArray();
        foreach (var edge in edges.Split(','))
        {
            if (!double.TryParse(edge, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return null;
            list.Add(number);
        }

        rule["edges"] = list;
        return rule;
    }

    public static string Of(JsonObject rule)
    {
        var part = (string?)rule["in"] is "FEATURES" or "CONTEXT" ? $"{((string?)rule["in"])!.ToLowerInvariant()}:" : "";
        var edges = rule["edges"] is JsonArray { Count: > 0 } list ? $":{string.Join(',', list.Select(edge => edge!.ToJsonString()))}" : "";
        return $"{part}{(string?)rule["column"]}={((string?)rule["action"] ?? "").ToLowerInvariant()}{edges}";
    }
}
