namespace Peregrine.Web.Analyses;

internal static class PredictionWords
{
    public static string Of(string predictionType) => predictionType switch
    {
        "BINARY_CLASSIFICATION" => "two classes",
        "MULTICLASS" => "several classes",
        "REGRESSION" => "a number",
        _ => predictionType.ToLowerInvariant(),
    };
}
