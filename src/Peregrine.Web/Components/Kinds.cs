using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;

namespace Peregrine.Web.Components;

/// <summary>Kinds of endpoints in words.</summary>
internal static class Kinds
{
    public const string Prediction = "STD_PREDICTION";

    public static string Word(string type) => type switch
    {
        Prediction => "prediction",
        "STD_CLUSTERING" => "clustering",
        "STD_FORECAST" => "forecast",
        "STD_CAUSAL_PREDICTION" => "causal prediction",
        "SQL_QUERY" => "SQL query",
        "DATASETS_LOOKUP" => "lookup",
        _ => type.ToLowerInvariant().Replace('_', ' '),
    };

    /// <summary>The call that takes one record: the last part of its path.</summary>
    public static string Call(string? type) => type == "DATASETS_LOOKUP" ? "lookup" : "predict";

    /// <summary>Whether a model answers at an endpoint of the kind: only such endpoints have shadows and drift on a node.</summary>
    public static bool Predicts(string type) => EndpointKinds.All.Find(type) is PredictionEndpointKind;

    /// <summary>A request to begin with.</summary>
    public static string Request(string? type) => type == "DATASETS_LOOKUP" ? "{\n  \"data\": {}\n}" : "{\n  \"features\": {}\n}";
}
