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
}
