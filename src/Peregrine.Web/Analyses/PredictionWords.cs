namespace Peregrine.Web.Analyses;

internal static class PredictionWords
{
    public static string Of(string predictionType) => predictionType switch
    {
        "BINARY_CLASSIFICATION" => "two classes",
        "MULTICLASS" => "several classes",
        "REGRESSION" => "a number",
        "CLUSTERING" => "clusters",
        _ => predictionType.ToLowerInvariant(),
    };

    /// <summary>What a task is for: <c>Predict is_fraud</c>, or <c>Clusters of payments</c>.</summary>
    public static string Aim(string predictionType, string target, string dataset) => predictionType == "CLUSTERING" ? $"Clusters of {dataset}" : $"Predict {target}";
}
