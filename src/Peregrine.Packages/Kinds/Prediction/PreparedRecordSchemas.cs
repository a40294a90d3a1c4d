using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>JSON Schema of the member <c>postEnrich</c>, as <see cref="PreparedRecordWriter"/> writes it.</summary>
internal static class PreparedRecordSchemas
{
    /// <summary>Adds the member to each form of a result, where the endpoint's answers have it.</summary>
    /// <param name="result">As <see cref="AnswerSchemas.Result"/> gives it; changed.</param>
    public static JsonObject AddTo(JsonObject result, CompiledModel model, PredictionSettings settings)
    {
        if (settings.PostEnrichment is not { InAnswer: true }) return result;
        foreach (var form in result["oneOf"]!.AsArray())
        {
            form!["properties"]![PreparedRecordWriter.Member] = Record(model);
            form["required"]!.AsArray().Add((JsonNode)PreparedRecordWriter.Member);
        }

        return result;
    }

    private static JsonObject Record(CompiledModel model) => new()
    {
        ["type"] = "object",
        ["description"] = "The record as the model saw it: the features and, behind them, what preparation made.",
        ["required"] = new JsonArray([.. model.Prepared.Fields.Select(field => (JsonNode)field.Name)]),
        ["properties"] = new JsonObject(model.Prepared.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Value(field.Kind)))),
        ["additionalProperties"] = false,
    };

    private static JsonObject Value(FieldKind kind) => kind switch
    {
        FieldKind.Text => Typed("string"),
        FieldKind.Boolean => Typed("boolean"),
        FieldKind.DateTime or FieldKind.Date => Typed("string", "number"), // seconds since 1970 beyond the years 1 to 9999
        _ => Typed("number"),
    };

    private static JsonObject Typed(params string[] types) => new() { ["type"] = new JsonArray([.. types.Select(type => (JsonNode)type), "null"]) };
}
