using System.Text.Json.Nodes;
using Peregrine.Training;

namespace Peregrine.Designing.Lab.Settings;

/// <summary>
/// Every algorithm key a prediction task's <c>modeling</c> must hold: clients list them all and fail on an absent one. Those we
/// train have all their members, the others are switched off and have the members without which a client cannot show them.
/// </summary>
internal static class AlgorithmCatalog
{
    /// <summary>Keys of algorithms that we train, by kind of prediction.</summary>
    public static readonly IReadOnlyList<string> Classification = ["logistic_regression", "random_forest_classification", "lightgbm_classification"];

    public static readonly IReadOnlyList<string> Regression = ["ridge_regression", "random_forest_regression", "lightgbm_regression"];

    public const string KMeans = "kmeans_clustering";

    private static readonly string[] OtherClustering =
    [
        "mini_batch_kmeans_clustering", "ward_clustering", "spectral_clustering", "db_scan_clustering", "hdb_scan_clustering", "gmm_clustering", "two_step",
        "isolation_forest", "mllib_kmeans_clustering", "mllib_gaussian_mixture_clustering", "h2o_kmeans",
    ];

    private static readonly string[] WithJobs =
        ["extra_trees", "leastsquare_regression", "sgd_regression", "sgd_classifier"];

    private static readonly string[] Plain =
    [
        "gbt_classification", "gbt_regression", "decision_tree_classification", "decision_tree_regression", "lasso_regression",
        "knn", "svc_classifier", "svm_regression", "lars_params", "neural_network", "deep_neural_network_regression",
        "deep_neural_network_classification", "deep_learning_sparkling", "gbm_sparkling", "rf_sparkling", "glm_sparkling",
        "nb_sparkling", "vertica_linear_regression", "vertica_logistic_regression", "keras", "mllib_logit", "mllib_linreg",
        "mllib_naive_bayes",
    ];

    private static readonly string[] SparkTrees = ["mllib_rf", "mllib_gbt", "mllib_dt"];

    public static IReadOnlyList<string> Trainable(string predictionType) => predictionType switch
    {
        PredictionTypes.Regression => Regression,
        PredictionTypes.Clustering => [KMeans],
        _ => Classification,
    };

    /// <summary>All keys with their members; the ones we train for <paramref name="predictionType"/> are enabled.</summary>
    public static JsonObject Algorithms(string predictionType)
    {
        if (predictionType == PredictionTypes.Clustering) return ClusteringAlgorithms();
        var trainable = Trainable(predictionType);
        var algorithms = new JsonObject();
        foreach (var key in Classification.Concat(Regression).Distinct(StringComparer.Ordinal))
            algorithms[key] = Ours(key, trainable.Contains(key, StringComparer.Ordinal));
        foreach (var key in WithJobs) algorithms[key] = new JsonObject { ["enabled"] = false, ["n_jobs"] = 2 };
        foreach (var key in Plain) algorithms[key] = new JsonObject { ["enabled"] = false };
        foreach (var key in SparkTrees)
            algorithms[key] = new JsonObject { ["enabled"] = false, ["cache_node_ids"] = false, ["max_memory_mb"] = 256 };
        algorithms["xgboost"] = new JsonObject { ["enabled"] = false, ["nthread"] = 2 };
        return algorithms;
    }

    private static JsonObject ClusteringAlgorithms()
    {
        var algorithms = new JsonObject { [KMeans] = KMeansSettings.Default() };
        foreach (var key in OtherClustering) algorithms[key] = new JsonObject { ["enabled"] = false };
        return algorithms;
    }

    /// <summary>The hyperparameter values that a training of this key uses and that are fixed.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode>> Used(string key)
    {
        if (key == KMeans) yield break;
        foreach (var (name, node) in Ours(key, enabled: true))
            if (name is not ("enabled" or "n_jobs") && SettingsReader.Value(node) is { } value)
                yield return new KeyValuePair<string, JsonNode>(name, value);
    }

    /// <summary>For people.</summary>
    public static string DisplayName(string key) => key switch
    {
        "logistic_regression" => "Logistic regression",
        "ridge_regression" => "Ridge regression",
        KMeans => "K-means",
        _ when key.StartsWith("random_forest", StringComparison.Ordinal) => "Random forest",
        _ when key.StartsWith("lightgbm", StringComparison.Ordinal) => "Gradient-boosted trees",
        _ => key,
    };

    public static TrainingAlgorithm Algorithm(string key) => key switch
    {
        KMeans => TrainingAlgorithm.KMeans,
        _ when key.StartsWith("random_forest", StringComparison.Ordinal) => TrainingAlgorithm.RandomForest,
        _ when key.StartsWith("lightgbm", StringComparison.Ordinal) => TrainingAlgorithm.GradientBoostedTrees,
        _ => TrainingAlgorithm.LinearModel,
    };

    private static JsonObject Ours(string key, bool enabled) => key switch
    {
        "logistic_regression" => LogisticRegression(enabled),
        "ridge_regression" => RidgeRegression(enabled),
        _ when key.StartsWith("random_forest", StringComparison.Ordinal) => RandomForest(enabled),
        _ => LightGbm(enabled),
    };

    private static JsonObject LogisticRegression(bool enabled) => new()
    {
        ["enabled"] = enabled,
        ["n_jobs"] = 2,
        ["multi_class"] = "multinomial",
        ["C"] = Numeric(1, 0.01, 100, 0),
        ["penalty"] = Choice("l2", "l1", "l2"),
    };

    private static JsonObject RidgeRegression(bool enabled) => new()
    {
        ["enabled"] = enabled,
        ["alphaMode"] = "MANUAL",
        ["alpha"] = Numeric(1, 0.001, 100, 0),
    };

    /// <summary>Depth is bounded by the number of leaves only, which 0 stands for.</summary>
    private static JsonObject RandomForest(bool enabled) => new()
    {
        ["enabled"] = enabled,
        ["n_jobs"] = 4,
        ["selection_mode"] = "prop",
        ["n_estimators"] = Numeric(100, 50, 200, 1),
        ["min_samples_leaf"] = Numeric(5, 1, 20, 1),
        ["max_tree_depth"] = Numeric(0, 0, 25, 0),
        ["max_feature_prop"] = Numeric(0.4, 0.1, 0.7, 0.01, 1),
        ["max_features"] = Numeric(0, 0, 20, 0),
    };

    /// <summary>The number of trees is the most that is tried: early stopping finds how many are worth it.</summary>
    private static JsonObject LightGbm(bool enabled) => new()
    {
        ["enabled"] = enabled,
        ["boosting_type"] = Choice("gbdt", "gbdt", "dart", "goss"),
        ["num_leaves"] = Numeric(31, 15, 127, 2),
        ["learning_rate"] = Numeric(0.1, 0.01, 0.3, 0.0001),
        ["n_estimators"] = Numeric(400, 50, 500, 1),
        ["min_split_gain"] = Numeric(0, 0, 1, 0),
        ["min_child_weight"] = Numeric(0.001, 0.0001, 10, 0),
        ["min_child_samples"] = Numeric(20, 5, 100, 1),
        ["colsample_bytree"] = Numeric(0.7, 0.5, 1, 0.01, 1),
        ["reg_alpha"] = Numeric(0, 0, 1, 0),
        ["reg_lambda"] = Numeric(1, 0, 1, 0),
        ["early_stopping"] = true,
        ["early_stopping_rounds"] = 20,
        ["n_jobs"] = 2,
        ["max_depth"] = -1,
        ["subsample"] = 0.9,
        ["subsample_freq"] = 1,
        ["use_bagging"] = true,
    };

    private static JsonObject Numeric(double value, double min, double max, double lowest, double? highest = null)
    {
        var limit = new JsonObject { ["min"] = Plainly(lowest) };
        if (highest is { } top) limit["max"] = Plainly(top);
        return new JsonObject
        {
            ["gridMode"] = "EXPLICIT",
            ["randomMode"] = "RANGE",
            ["values"] = new JsonArray(Plainly(value)),
            ["range"] = new JsonObject { ["min"] = Plainly(min), ["max"] = Plainly(max), ["nbValues"] = 4 },
            ["limit"] = limit,
        };
    }

    private static JsonObject Choice(string chosen, params string[] all)
    {
        var values = new JsonObject();
        foreach (var name in all) values[name] = new JsonObject { ["enabled"] = string.Equals(name, chosen, StringComparison.Ordinal) };
        return new JsonObject { ["values"] = values };
    }

    /// <summary>Whole numbers without a decimal point: their JSON type fixes what clients may assign later.</summary>
    private static JsonNode Plainly(double value) =>
        double.IsInteger(value) ? JsonValue.Create((long)value) : JsonValue.Create(value);
}
