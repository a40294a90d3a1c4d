using System.Text.Json.Nodes;

namespace Peregrine.Designing.Lab.Settings;

/// <summary>The settings document of a new task: every member that the public client reads stands.</summary>
internal static class SettingsSkeleton
{
    public static JsonObject Create(string predictionType, string target, int seed) =>
        predictionType == PredictionTypes.Clustering ? Clustering() : Prediction(predictionType, target, seed);

    private static JsonObject Clustering() => new()
    {
        ["taskType"] = PredictionTypes.Clustering,
        ["predictionType"] = PredictionTypes.Clustering,
        ["backendType"] = "PY_MEMORY",
        ["preprocessing"] = new JsonObject { ["per_feature"] = new JsonObject(), ["outliers"] = new JsonObject { ["method"] = "NONE" } },
        ["modeling"] = ClusteringModels(),
    };

    private static JsonObject ClusteringModels()
    {
        var modeling = new JsonObject
        {
            ["metrics"] = new JsonObject { ["evaluationMetric"] = "SILHOUETTE", ["customMetrics"] = new JsonArray() },
            ["custom_mllib"] = new JsonArray(),
            ["custom_python"] = new JsonArray(),
            ["plugin_python"] = new JsonObject(),
        };
        foreach (var (key, algorithm) in AlgorithmCatalog.Algorithms(PredictionTypes.Clustering)) modeling[key] = algorithm!.DeepClone();
        return modeling;
    }

    private static JsonObject Prediction(string predictionType, string target, int seed) => new()
    {
        ["taskType"] = "PREDICTION",
        ["predictionType"] = predictionType,
        ["backendType"] = "PY_MEMORY",
        ["targetVariable"] = target,
        ["dropRowsWithoutTarget"] = false,
        ["splitParams"] = new JsonObject
        {
            ["ttPolicy"] = "SPLIT_SINGLE_DATASET",
            ["ssdSplitMode"] = "RANDOM",
            ["ssdTrainingRatio"] = 0.8,
            ["ssdStratified"] = !string.Equals(predictionType, "REGRESSION", StringComparison.Ordinal),
            ["ssdSeed"] = seed,
            ["kfold"] = false,
            ["nFolds"] = 5,
        },
        ["time"] = new JsonObject { ["enabled"] = false },
        ["weight"] = new JsonObject { ["weightMethod"] = "NO_WEIGHTING" },
        ["diagnosticsSettings"] = new JsonObject
        {
            ["enabled"] = true,
            ["settings"] = new JsonArray(
                new JsonObject { ["type"] = "ML_DIAGNOSTICS_DATASET_SANITY_CHECKS", ["enabled"] = true },
                new JsonObject { ["type"] = "ML_DIAGNOSTICS_LEAKAGE_DETECTION", ["enabled"] = true }),
        },
        ["assertionsParams"] = new JsonObject { ["assertions"] = new JsonArray() },
        ["envSelection"] = new JsonObject { ["envMode"] = "INHERIT" },
        ["preprocessing"] = new JsonObject
        {
            ["target_remapping"] = new JsonArray(),
            ["per_feature"] = new JsonObject(),
            ["feature_generation"] = new JsonObject
            {
                ["pairwise_linear"] = new JsonObject { ["behavior"] = "DISABLED" },
                ["polynomial_combinations"] = new JsonObject { ["behavior"] = "DISABLED" },
                ["manual_interactions"] = new JsonObject { ["interactions"] = new JsonArray() },
            },
        },
        ["modeling"] = Modeling(predictionType, seed),
    };

    private static JsonObject Modeling(string predictionType, int seed)
    {
        var modeling = new JsonObject
        {
            ["metrics"] = new JsonObject { ["evaluationMetric"] = Metric(predictionType), ["customMetrics"] = new JsonArray() },
            ["gridSearchParams"] = GridSearch(seed),
            ["custom_mllib"] = new JsonArray(),
            ["custom_python"] = new JsonArray(),
            ["plugin_python"] = new JsonObject(),
        };
        foreach (var (key, algorithm) in AlgorithmCatalog.Algorithms(predictionType)) modeling[key] = algorithm!.DeepClone();
        return modeling;
    }

    private static string Metric(string predictionType) => predictionType switch
    {
        "REGRESSION" => "R2",
        "MULTICLASS" => "LOG_LOSS",
        _ => "ROC_AUC",
    };

    private static JsonObject GridSearch(int seed) => new()
    {
        ["strategy"] = "GRID",
        ["randomized"] = true,
        ["seed"] = seed,
        ["nIter"] = 0,
        ["nIterRandom"] = 10,
        ["timeout"] = 0,
        ["nJobs"] = 4,
        ["distributed"] = false,
        ["nContainers"] = 4,
        ["mode"] = "KFOLD",
        ["nFolds"] = 5,
        ["splitRatio"] = 0.8,
        ["stratified"] = true,
        ["cvSeed"] = seed,
        ["code"] = "",
        ["bayesianOptimizer"] = "SCIKIT_OPTIMIZE",
        ["foldOffset"] = false,
        ["equalDurationFolds"] = false,
    };
}
