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

    /// <summary>A request to begin with.</summary>
    public static string Request(string? type) => type == "DATASETS_LOOKUP" ? "{\n  \"data\": {}\n}" : "{\n  \"features\": {}\n}";
}
