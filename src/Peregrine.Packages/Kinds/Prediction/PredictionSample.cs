using System.Text.Json.Nodes;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>A query of the right types, for a document or a box to start from; its values mean nothing.</summary>
public static class PredictionSample
{
    /// <summary>An object with each input of the model.</summary>
    public static JsonObject Features(ModelSpec model)
    {
        var features = new JsonObject();
        foreach (var input in model.Inputs) features[input.Name] = ValueOf(input.Kind);
        return features;
    }

    private static JsonValue ValueOf(FieldKind kind) => kind switch
    {
        FieldKind.Text => JsonValue.Create("text"),
        FieldKind.Number => JsonValue.Create(1.5),
        FieldKind.Integer => JsonValue.Create(1),
        FieldKind.Boolean => JsonValue.Create(true),
        FieldKind.DateTime => JsonValue.Create("2026-01-31T12:00:00Z"),
        _ => JsonValue.Create("2026-01-31"),
    };
}
