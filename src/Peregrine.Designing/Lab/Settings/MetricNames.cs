namespace Peregrine.Designing.Lab.Settings;

/// <summary>Metrics by their name in settings and their name in results.</summary>
internal static class MetricNames
{
    private static readonly Dictionary<string, (string Result, bool GreaterIsBetter)> Metrics = new(StringComparer.Ordinal)
    {
        ["ROC_AUC"] = ("auc", true),
        ["AVERAGE_PRECISION"] = ("averagePrecision", true),
        ["F1"] = ("f1", true),
        ["ACCURACY"] = ("accuracy", true),
        ["PRECISION"] = ("precision", true),
        ["RECALL"] = ("recall", true),
        ["LOG_LOSS"] = ("logLoss", false),
        ["R2"] = ("r2", true),
        ["RMSE"] = ("rmse", false),
        ["MAE"] = ("mae", false),
        ["SILHOUETTE"] = ("silhouette", true),
        ["INERTIA"] = ("inertia", false),
    };

    public static IEnumerable<string> Known => Metrics.Keys;

    public static bool IsKnown(string metric) => Metrics.ContainsKey(metric);

    /// <summary>The metric of a settings document; the kind's own one when the document's does not exist for it.</summary>
    public static (string Result, bool GreaterIsBetter) Of(string? metric, string predictionType)
    {
        var known = metric is not null && Metrics.TryGetValue(metric, out var found) ? found : default;
        if (known.Result is not null && FamilyOf(known.Result) == FamilyOf(predictionType)) return known;
        return predictionType switch
        {
            PredictionTypes.Clustering => Metrics["SILHOUETTE"],
            PredictionTypes.Regression => Metrics["R2"],
            PredictionTypes.Multiclass => Metrics["LOG_LOSS"],
            _ => Metrics["ROC_AUC"],
        };
    }

    /// <summary>What a metric is of, or a kind of prediction: numbers, clusters or classes.</summary>
    private static string FamilyOf(string metricOrType) => metricOrType switch
    {
        "r2" or "rmse" or "mae" => PredictionTypes.Regression,
        "silhouette" or "inertia" => PredictionTypes.Clustering,
        PredictionTypes.Regression or PredictionTypes.Clustering => metricOrType,
        _ => PredictionTypes.Binary,
    };
}
