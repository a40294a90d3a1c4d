using System.Text.Json.Nodes;
using Peregrine.Commands;

namespace Peregrine.Client;

/// <summary>Writes a plan into the settings of an ML task, as a client of the public API does it.</summary>
internal static class TrainingSettings
{
    public static void Apply(TrainingPlan plan, JsonObject settings)
    {
        Reject(plan, settings);
        if (plan.Target is null)
        {
            FindClusters(plan, settings);
            return;
        }

        Split(plan, settings);
        if (plan.Algorithms.Count > 0) Enable(plan.Algorithms, settings);
    }

    private static void Reject(TrainingPlan plan, JsonObject settings)
    {
        var features = (JsonObject)settings["preprocessing"]!["per_feature"]!;
        foreach (var column in plan.Ignore)
        {
            if (features[column] is not JsonObject feature)
                throw new UsageException($"There is no column '{column}' to ignore in dataset '{plan.Dataset}'; it has {string.Join(", ", features.Select(one => one.Key))}.");
            if (column == plan.Target) throw new UsageException($"Column '{column}' is the target, so it cannot be ignored.");
            feature["role"] = "REJECT";
        }

        if (plan.TimeColumn is { } time && !features.ContainsKey(time))
            throw new UsageException($"There is no column '{time}' to order the rows by in dataset '{plan.Dataset}'; it has {string.Join(", ", features.Select(one => one.Key))}.");
    }

    private static void FindClusters(TrainingPlan plan, JsonObject settings)
    {
        if (plan.Clusters.Count > 0) settings["modeling"]!["kmeans_clustering"]!["k"] = new JsonArray([.. plan.Clusters.Select(count => JsonValue.Create(count))]);
        if (plan.Outliers is { } share) settings["preprocessing"]!["outliers"] = new JsonObject { ["method"] = "CLUSTER", ["share"] = share };
    }

    private static void Split(TrainingPlan plan, JsonObject settings)
    {
        var split = (JsonObject)settings["splitParams"]!;
        split["ttPolicy"] = "SPLIT_SINGLE_DATASET";
        split["ssdTrainingRatio"] = plan.TrainRatio;
        split["kfold"] = false;
        var time = (JsonObject)settings["time"]!;
        time["enabled"] = plan.TimeColumn is not null;
        split["ssdSplitMode"] = plan.TimeColumn is null ? "RANDOM" : "SORTED";
        if (plan.TimeColumn is null) return;
        split["ssdColumn"] = plan.TimeColumn;
        time["timeVariable"] = plan.TimeColumn;
        time["ascending"] = true;
        settings["preprocessing"]!["per_feature"]![plan.TimeColumn]!["missing_handling"] = "DROP_ROW";
    }

    private static void Enable(IReadOnlyList<string> algorithms, JsonObject settings)
    {
        var modeling = (JsonObject)settings["modeling"]!;
        var regression = settings["predictionType"]?.GetValue<string>() == "REGRESSION";
        var wanted = algorithms.Select(algorithm => Key(algorithm, regression)).ToHashSet(StringComparer.Ordinal);
        foreach (var key in wanted)
            if (modeling[key] is not JsonObject candidate || !candidate.ContainsKey("enabled"))
                throw new UsageException($"There is no algorithm '{key}'. Short names are logistic, linear, forest and boosting.");
        foreach (var (key, value) in modeling)
            if (value is JsonObject algorithm && algorithm.ContainsKey("enabled")) algorithm["enabled"] = wanted.Contains(key);
    }

    private static string Key(string algorithm, bool regression) => (algorithm, regression) switch
    {
        ("logistic", true) => throw new UsageException("Logistic regression predicts classes; the target is a number. Take 'linear'."),
        ("linear", false) => throw new UsageException("Linear regression predicts numbers; the target has classes. Take 'logistic'."),
        ("logistic", _) => "logistic_regression",
        ("linear", _) => "ridge_regression",
        ("forest", _) => regression ? "random_forest_regression" : "random_forest_classification",
        ("boosting", _) => regression ? "lightgbm_regression" : "lightgbm_classification",
        _ => algorithm,
    };
}
