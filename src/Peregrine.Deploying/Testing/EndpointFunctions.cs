namespace Peregrine.Deploying.Testing;

/// <summary>Where on its path an endpoint of a kind takes a single query.</summary>
internal static class EndpointFunctions
{
    public static string Of(string endpointType) => endpointType switch
    {
        "STD_FORECAST" => "forecast",
        "STD_CAUSAL_PREDICTION" => "predict-effect",
        "SQL_QUERY" => "query",
        "DATASETS_LOOKUP" => "lookup",
        "PY_FUNCTION" or "R_FUNCTION" => "run",
        _ => "predict",
    };
}
