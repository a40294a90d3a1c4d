using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Peregrine.Serving.Tests.OpenApi;

/// <summary>A JSON Schema 2020-12 validator for the keywords that our documents use; one that it does not know is an error, not a pass.</summary>
internal sealed class SchemaValidator(JsonNode document)
{
    private static readonly HashSet<string> s_annotations = ["default", "description", "examples", "title"];

    /// <summary>What is wrong, each with its place; none when the value fits.</summary>
    public IReadOnlyList<string> Validate(JsonNode? schema, JsonNode? value)
    {
        var faults = new List<string>();
        Check(schema!.AsObject(), value, "", faults);
        return faults;
    }

    private void Check(JsonObject schema, JsonNode? value, string at, List<string> faults)
    {
        foreach (var (keyword, rule) in schema)
        {
            if (!s_annotations.Contains(keyword) && Fault(schema, keyword, rule!, value, at, faults) is { } fault) faults.Add($"{at}: {fault}");
        }
    }

    private string? Fault(JsonObject schema, string keyword, JsonNode rule, JsonNode? value, string at, List<string> faults)
    {
        switch (keyword)
        {
            case "$ref":
                Check(Resolve((string)rule!), value, at, faults);
                return null;
            case "type":
                var types = rule is JsonArray several ? several.Select(type => (string)type!).ToList() : [(string)rule!];
                return types.Exists(type => Is(type, value)) ? null : $"{value?.ToJsonString() ?? "null"} is no {string.Join(" or ", types)}";
            case "const":
                return JsonNode.DeepEquals(rule, value) ? null : $"is not {rule.ToJsonString()}";
            case "enum":
                return rule.AsArray().Any(one => JsonNode.DeepEquals(one, value)) ? null : $"is none of {rule.ToJsonString()}";
            case "allOf":
                foreach (var part in rule.AsArray()) Check(part!.AsObject(), value, at, faults);
                return null;
            case "oneOf":
                var tries = rule.AsArray().Select(part => Validate(part, value)).ToList();
                return tries.Count(one => one.Count == 0) == 1 ? null : $"fits {tries.Count(one => one.Count == 0)} alternatives: {string.Join(" | ", tries.Select(one => string.Join(", ", one)))}";
            case "properties" or "required" or "additionalProperties":
                return value is JsonObject members ? Members(schema, keyword, rule, members, at, faults) : null;
            case "items" or "minItems" or "maxItems":
                return value is JsonArray list ? Items(keyword, rule, list, at, faults) : null;
            case "minimum" or "maximum" or "multipleOf":
                return Is("number", value) ? Range(keyword, (double)rule!, (double)value!) : null;
            case "pattern":
                return !Is("string", value) || Regex.IsMatch((string)value!, (string)rule!, RegexOptions.None, TimeSpan.FromSeconds(1)) ? null : $"'{value}' does not match";
            // Extensions say something to readers and restrict nothing.
            case ['x', '-', ..]:
                return null;
            default:
                return $"keyword {keyword} is not known to the validator";
        }
    }

    private string? Members(JsonObject schema, string keyword, JsonNode rule, JsonObject members, string at, List<string> faults)
    {
        var known = schema["properties"] as JsonObject ?? [];
        if (keyword == "required")
            return rule.AsArray().Select(name => (string)name!).Where(name => !members.ContainsKey(name)).ToList() is { Count: > 0 } missing ? $"lacks {string.Join(", ", missing)}" : null;
        foreach (var (name, member) in members)
        {
            if (keyword == "properties" && rule[name] is JsonObject its) Check(its, member, $"{at}/{name}", faults);
            if (keyword == "additionalProperties" && rule.GetValueKind() == JsonValueKind.False && !known.ContainsKey(name)) return $"has {name} beside what is described";
        }

        return null;
    }

    private string? Items(string keyword, JsonNode rule, JsonArray list, string at, List<string> faults)
    {
        if (keyword == "minItems") return list.Count >= (int)rule ? null : $"has {list.Count} items";
        if (keyword == "maxItems") return list.Count <= (int)rule ? null : $"has {list.Count} items";
        for (var i = 0; i < list.Count; i++) Check(rule.AsObject(), list[i], string.Create(CultureInfo.InvariantCulture, $"{at}/{i}"), faults);
        return null;
    }

    private static string? Range(string keyword, double rule, double value) => keyword switch
    {
        "minimum" => value >= rule ? null : $"{value} is below {rule}",
        "maximum" => value <= rule ? null : $"{value} is above {rule}",
        _ => Math.IEEERemainder(value, rule) == 0 ? null : $"{value} is no multiple of {rule}",
    };

    private static bool Is(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && (double)value == Math.Floor((double)value),
        _ => throw new ArgumentException($"'{type}' is no type."),
    };

    private JsonObject Resolve(string reference) => reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(document, (node, part) => node[part] ?? throw new ArgumentException($"{reference} leads nowhere.")).AsObject();
}
