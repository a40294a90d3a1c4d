using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.OpenApi;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>The OpenAPI 3.1 description of a lookup endpoint, typed from its table.</summary>
internal static class LookupOpenApi
{
    private const int MostExamples = 20;

    public static EndpointDescription Describe(LookupEndpoint endpoint)
    {
        var id = endpoint.Id;
        var results = AnswerSchemas.Answer(id, "results", CallSchemas.ListOf(CallSchemas.Reference(id, "Result")));
        var one = (JsonObject)results.DeepClone();
        one["properties"]!["results"]!["minItems"] = 1;
        one["properties"]!["results"]!["maxItems"] = 1;
        var examples = Examples(endpoint);
        return new EndpointDescription(
            new JsonObject
            {
                ["/lookup"] = CallSchemas.Post($"{id}.lookup", "Finds the row of one key.", One(id), one, examples),
                ["/lookup-multi"] = CallSchemas.Post($"{id}.lookupMulti", "Finds the rows of several keys, in their order.", Many(id), results, [("all", AllOf(examples))]),
            },
            new JsonObject { [$"{id}.Key"] = Key(endpoint), [$"{id}.Result"] = Result(endpoint) });
    }

    private static JsonObject One(string id) => Request("data", CallSchemas.Reference(id, "Key"), ("dispatch", CallSchemas.Dispatch()), ("context", CallSchemas.Context()));

    private static JsonObject Many(string id) => Request(
        "items", CallSchemas.ListOf(Request("data", CallSchemas.Reference(id, "Key"), ("context", CallSchemas.Context()))),
        ("dispatch", CallSchemas.Dispatch()), ("context", CallSchemas.Context()));

    /// <summary>An object with one member that it needs and some that it may have.</summary>
    private static JsonObject Request(string required, JsonObject schema, params ReadOnlySpan<(string Name, JsonObject Schema)> others)
    {
        var properties = new JsonObject { [required] = schema };
        foreach (var (name, other) in others) properties[name] = other;
        return new JsonObject { ["type"] = "object", ["required"] = new JsonArray(required), ["properties"] = properties, ["additionalProperties"] = false };
    }

    private static JsonObject Key(LookupEndpoint endpoint)
    {
        var properties = new JsonObject();
        foreach (var field in endpoint.Key.Fields)
        {
            var schema = FeatureSchemas.AnyType(field.Kind);
            schema[FeatureSchemas.Kind] = JsonNamingPolicy.CamelCase.ConvertName($"{field.Kind}");
            properties[field.Name] = schema;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. endpoint.Key.Fields.Select(field => (JsonNode)field.Name)]),
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Result(LookupEndpoint endpoint)
    {
        var data = new JsonObject(endpoint.Table.Columns.Select(column => KeyValuePair.Create(column.Field.Name, (JsonNode?)Value(column.Field.Kind))));
        var found = Closed(("data", Closed(data)), ("ignored", new JsonObject { ["const"] = false }));
        string[] reasons =
        [
            .. endpoint.Settings.NoMatch == NoMatchPolicy.Ignore ? [LookupResultWriter.NoMatch] : Array.Empty<string>(),
            .. endpoint.Settings.SeveralMatches == SeveralMatchesPolicy.Ignore ? [LookupResultWriter.SeveralMatches] : Array.Empty<string>(),
        ];
        if (reasons.Length == 0) return found;
        var ignored = Closed(
            ("ignored", new JsonObject { ["const"] = true }), ("ignoreReason", new JsonObject { ["enum"] = new JsonArray([.. reasons.Select(reason => (JsonNode)reason)]) }));
        ignored["description"] = "No row, or no single one, has the key.";
        return new JsonObject { ["oneOf"] = new JsonArray(found, ignored) };
    }

    private static JsonObject Value(FieldKind kind) => kind switch
    {
        FieldKind.Text => Nullable("string"),
        FieldKind.Boolean => Nullable("boolean"),
        FieldKind.Number or FieldKind.Integer => Nullable("number"),
        FieldKind.DateTime => Nullable("string", "date-time"),
        _ => Nullable("string"),
    };

    private static JsonObject Nullable(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = new JsonArray(type, "null") };
        if (format is not null) schema["format"] = format;
        return schema;
    }

    private static JsonObject Closed(params ReadOnlySpan<(string Name, JsonObject Schema)> members)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in members) properties[name] = schema;
        return Closed(properties);
    }

    /// <summary>An object that always has these members, and no others.</summary>
    private static JsonObject Closed(JsonObject properties) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]),
        ["properties"] = properties,
        ["additionalProperties"] = false,
    };

    /// <summary>Test queries by their names, or the key of the first row.</summary>
    private static List<(string Name, JsonObject Body)> Examples(LookupEndpoint endpoint)
    {
        var examples = new List<(string, JsonObject)>();
        foreach (var query in endpoint.TestQueries.Take(MostExamples))
            if (query?["q"] is JsonObject body) examples.Add(((string?)query["name"] is { Length: > 0 } name ? name : $"query {examples.Count + 1}", (JsonObject)body.DeepClone()));
        if (examples.Count == 0) examples.Add(("example", new JsonObject { ["data"] = JsonNode.Parse(LookupSample.KeyOf(endpoint, 0)) }));
        return examples;
    }

    private static JsonObject AllOf(IEnumerable<(string Name, JsonObject Body)> examples) => new()
    {
        ["items"] = new JsonArray([.. examples.Select(example => (JsonNode)new JsonObject { ["data"] = example.Body["data"]?.DeepClone() })]),
    };
}
