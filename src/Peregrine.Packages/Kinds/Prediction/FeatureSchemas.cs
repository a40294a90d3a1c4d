using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Models.Features;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>JSON Schema (2020-12) of what <see cref="RecordReader"/> takes for each kind of field: no more and no less.</summary>
internal static class FeatureSchemas
{
    /// <summary>Extension of a schema: the kind of field in one word, which JSON's types do not tell.</summary>
    public const string Kind = "x-peregrine-kind";

    private const int MostExamples = 5;
    private const string Number = @"^(|NaN|[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?)$";
    private const string Boolean = "^(|NaN|0|1|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$";
    private const string Missing = "^(|NaN)$";
    private const string Moment = @"^(|NaN|[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[-+][0-9]{2}:?[0-9]{2})?)?)$";

    /// <summary>An object of features, in a request's body.</summary>
    public static JsonObject Record(CompiledModel compiled, PredictionSettings settings, TrainingSchemas training)
    {
        if (settings.Quiet) return new JsonObject { ["type"] = "object", ["description"] = "The features of the record; ask the endpoint's owner for them." };
        var model = compiled.Spec;
        var properties = new JsonObject();
        foreach (var (slot, input) in model.Inputs.Index()) properties[input.Name] = Told(Value(input, slot, compiled, settings), input, training);
        foreach (var ignored in model.IgnoredFields)
            if (!properties.ContainsKey(ignored)) properties[ignored] = new JsonObject { ["description"] = "Accepted and not used." };
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (settings.MissingFeatures == FeaturePolicy.Refuse && model.Inputs.Count > 0)
            schema["required"] = new JsonArray([.. model.Inputs.Select(input => (JsonNode)input.Name)]);
        if (settings.UnknownFeatures == FeaturePolicy.Refuse) schema["additionalProperties"] = false;
        return schema;
    }

    /// <summary>A feature in a query string, where everything is text.</summary>
    public static JsonObject Text(Field field, PredictionSettings settings, TrainingSchemas training)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (settings.WrongTypes == FeaturePolicy.Refuse && PatternOf(field.Kind) is { } pattern) schema["pattern"] = pattern;
        return Told(schema, field, training);
    }

    private static JsonObject Told(JsonObject schema, Field field, TrainingSchemas training)
    {
        schema[Kind] = JsonNamingPolicy.CamelCase.ConvertName($"{field.Kind}");
        if (training.Of(field) is { } seen) schema[TrainingSchemas.Member] = seen;
        return schema;
    }

    private static JsonObject Value(Field field, int slot, CompiledModel model, PredictionSettings settings)
    {
        var schema = settings.WrongTypes != FeaturePolicy.Refuse ? Anything(field.Kind)
            : settings.ConvertedTypes == FeaturePolicy.Refuse ? OwnType(field.Kind) : AnyType(field.Kind);
        if (settings.OutOfRange == FeaturePolicy.Refuse && field.Kind != FieldKind.Date && RecordCheck.RangeOf(model, slot) is var (least, most)) Ranged(schema, least, most);
        if (settings.UnseenCategories == FeaturePolicy.Refuse && RecordCheck.CategoriesOf(model, slot) is { } known) AddCategories(schema, known, settings);
        if (Examples(field, model.Spec) is { Count: > 0 } examples) schema["examples"] = examples;
        return schema;
    }

    /// <summary>Every value that can be read as one of the kind.</summary>
    internal static JsonObject AnyType(FieldKind kind)
    {
        var schema = kind switch
        {
            FieldKind.Text => Typed("Text; a number or a boolean is taken as its text. Null: missing.", "string", "number", "boolean", "null"),
            FieldKind.Boolean => Ranged(Typed("True or false, also as 1 and 0 or as text. Null and empty text: missing.", "boolean", "number", "string", "null"), 0, 1, step: 1),
            FieldKind.Number or FieldKind.Integer => Ranged(
                Typed("A number, also as text. Null and empty text: missing.", "number", "string", "boolean", "null"), double.MinValue, double.MaxValue),
            _ => Typed("A date and time (ISO 8601, UTC where it names no zone), or seconds, milliseconds or microseconds since 1970. Null and empty text: missing.", "string", "number", "null"),
        };
        if (PatternOf(kind) is { } pattern) schema["pattern"] = pattern;
        return schema;
    }

    /// <summary>Where conversions are refused: text that stands for a missing value is none.</summary>
    private static JsonObject OwnType(FieldKind kind)
    {
        var schema = kind switch
        {
            FieldKind.Text => Typed("Text. Null and empty text: missing.", "string", "null"),
            FieldKind.Boolean => Typed("True or false. Null and empty text: missing.", "boolean", "string", "null"),
            FieldKind.Number or FieldKind.Integer => Ranged(Typed("A number. Null and empty text: missing.", "number", "string", "null"), double.MinValue, double.MaxValue),
            _ => AnyType(kind),
        };
        if (kind is FieldKind.Boolean or FieldKind.Number or FieldKind.Integer) schema["pattern"] = Missing;
        return schema;
    }

    private static JsonObject Anything(FieldKind kind) =>
        new() { ["description"] = $"{(string?)AnyType(kind)["description"]} Anything else counts as missing." };

    private static void AddCategories(JsonObject schema, IReadOnlyList<string> known, PredictionSettings settings)
    {
        schema.Remove("type");
        var values = new JsonObject { ["enum"] = new JsonArray([.. known.Select(value => (JsonNode)value), "", null]) };
        if (settings is { ConvertedTypes: FeaturePolicy.Refuse, WrongTypes: FeaturePolicy.Refuse }) schema["enum"] = values["enum"]!.DeepClone();
        else if (settings.WrongTypes == FeaturePolicy.Refuse) schema["oneOf"] = new JsonArray(values, new JsonObject { ["type"] = new JsonArray("number", "boolean") });
        else schema["oneOf"] = new JsonArray(values, new JsonObject { ["type"] = new JsonArray("number", "boolean", "object", "array") });
    }

    private static JsonArray Examples(Field field, ModelSpec model) => field.Kind switch
    {
        FieldKind.Text => [.. model.Features.OfType<OneHotFeature>().Where(feature => feature.Field == field.Name).SelectMany(feature => feature.Values).Take(MostExamples).Select(value => (JsonNode)value)],
        FieldKind.DateTime => ["2026-01-31T12:00:00Z"],
        FieldKind.Date => ["2026-01-31"],
        _ => [],
    };

    private static string? PatternOf(FieldKind kind) => kind switch
    {
        FieldKind.Text => null,
        FieldKind.Boolean => Boolean,
        FieldKind.Number or FieldKind.Integer => Number,
        _ => Moment,
    };

    private static JsonObject Typed(string description, params ReadOnlySpan<string> types)
    {
        var list = new JsonArray();
        foreach (var type in types) list.Add((JsonNode)type);
        return new JsonObject { ["type"] = list, ["description"] = description };
    }

    private static JsonObject Ranged(JsonObject schema, double minimum, double maximum, double? step = null)
    {
        schema["minimum"] = minimum;
        schema["maximum"] = maximum;
        if (step is not null) schema["multipleOf"] = step;
        return schema;
    }
}
