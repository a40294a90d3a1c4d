using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Training.Planning;
using Peregrine.Training.Splitting;

namespace Peregrine.Designing.Lab.Settings;

/// <summary>
/// Understands a settings document. What cannot be done as asked is refused with all its places at once; what is known but makes
/// no difference here is noted.
/// </summary>
internal sealed class SettingsReader
{
    private readonly JsonObject _settings;
    private readonly List<ApiErrorItem> _faults = [];
    private readonly List<string> _notes = [];

    private SettingsReader(JsonObject settings) => _settings = settings;

    /// <exception cref="ApiErrorException">400 with one item for each fault.</exception>
    public static TaskSettings Read(JsonObject settings)
    {
        var reader = new SettingsReader(settings);
        var read = reader.Read();
        if (reader._faults.Count == 0) return read;
        var summary = string.Join(" ", reader._faults.Select(fault => fault.Message));
        throw (ApiError.BadRequest("The settings of the ML task cannot be used.", summary, "BadSettings") with { Errors = reader._faults }).AsException();
    }

    private TaskSettings Read()
    {
        if (_settings.String("taskType") == PredictionTypes.Clustering) return ReadClustering();
        var type = _settings.String("predictionType") ?? "";
        var prediction = PredictionTypes.Parse(type);
        if (prediction is null or PredictionKind.Clustering)
            Fault("/predictionType", "UnknownPredictionType", $"Prediction type '{type}' is not trained; use BINARY_CLASSIFICATION, MULTICLASS or REGRESSION.");
        CheckBackend();
        var target = _settings.String("targetVariable") ?? "";
        if (target.Length == 0) Fault("/targetVariable", "NoTarget", "The settings name no target.");
        var (ignore, handling) = ReadFeatures(target);
        var seed = (int)(_settings.Child("splitParams").Number("ssdSeed") ?? 1337);
        ReadOthers();
        return new TaskSettings
        {
            Prediction = prediction ?? PredictionKind.BinaryClassification,
            Target = target,
            PositiveClass = prediction == PredictionKind.BinaryClassification ? PositiveClass() : null,
            Ignore = ignore,
            Handling = handling,
            Split = ReadSplit(seed),
            Algorithms = ReadAlgorithms(type),
            Seed = seed,
            DropRowsWithoutTarget = _settings.Boolean("dropRowsWithoutTarget") ?? false,
            Notes = _notes,
        };
    }

    private TaskSettings ReadClustering()
    {
        CheckBackend();
        var (ignore, handling) = ReadFeatures(target: "");
        var (clustering, seed) = KMeansSettings.Read(_settings, Fault);
        ReadOthers();
        return new TaskSettings
        {
            Prediction = PredictionKind.Clustering,
            Target = "",
            Ignore = ignore,
            Handling = handling,
            Split = new RandomSplit { Seed = seed },
            Algorithms = ReadAlgorithms(PredictionTypes.Clustering),
            Clustering = clustering,
            Seed = seed,
            DropRowsWithoutTarget = false,
            Notes = _notes,
        };
    }

    private void CheckBackend()
    {
        if (_settings.String("backendType") is { } backend && !string.Equals(backend, "PY_MEMORY", StringComparison.Ordinal))
            Fault("/backendType", "UnknownBackend", $"Backend '{backend}' is not there; use PY_MEMORY.");
    }

    private (List<string> Ignore, Dictionary<string, ColumnHandling> Handling) ReadFeatures(string target)
    {
        var ignore = new List<string>();
        var handling = new Dictionary<string, ColumnHandling>(StringComparer.Ordinal);
        foreach (var (name, node) in _settings.Child("preprocessing").Child("per_feature"))
        {
            var pointer = $"/preprocessing/per_feature/{Escape(name)}";
            if (node is not JsonObject feature)
            {
                Fault(pointer, "BadFeature", $"The settings of feature '{name}' are not an object.");
                continue;
            }

            switch (feature.String("role"))
            {
                case "REJECT":
                    ignore.Add(name);
                    break;
                case "TARGET":
                    if (!string.Equals(name, target, StringComparison.Ordinal))
                        Fault($"{pointer}/role", "SecondTarget", $"Feature '{name}' has the role TARGET, but {(target.Length == 0 ? "there is no target" : $"the target is '{target}'")}.");
                    break;
                case "INPUT":
                    if (ReadHandling(name, feature, pointer) is { } kind) handling[name] = kind;
                    break;
                case "WEIGHT":
                    Fault($"{pointer}/role", "WeightsNotTrained", $"Feature '{name}' has the role WEIGHT; rows are not weighted. Give it the role INPUT or REJECT.");
                    break;
                case var role:
                    Fault($"{pointer}/role", "UnknownRole", $"Feature '{name}' has the role '{role}'; use INPUT, REJECT or TARGET.");
                    break;
            }
        }

        return (ignore, handling);
    }

    private ColumnHandling? ReadHandling(string name, JsonObject feature, string pointer)
    {
        var ordersTime = string.Equals(_settings.Child("time").String("timeVariable"), name, StringComparison.Ordinal);
        if (!ordersTime && feature.String("missing_handling") is { } missing and not (FeatureDefaults.NumericMissing or FeatureDefaults.CategoryMissing))
            _notes.Add($"Feature '{name}': missing_handling {missing} is not applied; a missing value stays one, and each model has its rule for it.");
        switch (feature.String("type"))
        {
            case "NUMERIC":
                return feature.Boolean(FeatureDefaults.DateParts) == true ? ColumnHandling.DateParts : ColumnHandling.Number;
            case "CATEGORY":
                return ColumnHandling.Category;
            case var type:
                Fault($"{pointer}/type", "UnknownFeatureType", $"Feature '{name}' is of type '{type}', which is not trained on; use NUMERIC or CATEGORY, or give it the role REJECT.");
                return null;
        }
    }

    private SplitSpec ReadSplit(int seed)
    {
        var split = _settings.Child("splitParams");
        if (split.String("ttPolicy") is { } policy && !string.Equals(policy, "SPLIT_SINGLE_DATASET", StringComparison.Ordinal))
            Fault("/splitParams/ttPolicy", "SplitNotDone", $"Split policy '{policy}' is not done; use SPLIT_SINGLE_DATASET.");
        if (split.Boolean("kfold") == true)
            Fault("/splitParams/kfold", "SplitNotDone", "K-fold tests are not done; set kfold to false.");
        if (split["ssdSelection"] is JsonObject selection && selection.String("samplingMethod") is { } method and not "FULL")
            Fault("/splitParams/ssdSelection/samplingMethod", "SamplingNotDone", $"Sampling by '{method}' is not done: all rows are used. Set FULL or leave the selection out.");
        var share = split.Number("ssdTrainingRatio") ?? 0.8;
        if (share is not (>= 0.05 and <= 0.95))
            Fault("/splitParams/ssdTrainingRatio", "BadShare", $"The training share is {share}; give one from 0.05 to 0.95.");
        var time = _settings.Child("time");
        var sorted = string.Equals(split.String("ssdSplitMode"), "SORTED", StringComparison.Ordinal) || time.Boolean("enabled") == true;
        if (!sorted) return new RandomSplit { TrainShare = share, Seed = seed };
        if (time.Boolean("ascending") == false)
            Fault("/time/ascending", "OrderNotDone", "Training on the later rows is not done: set ascending to true.");
        var column = time.String("timeVariable") ?? split.String("ssdColumn");
        if (column is null) Fault("/time/timeVariable", "NoTimeColumn", "The split is by time, but no time column is named.");
        return new TimeSplit { TrainShare = share, Column = column ?? "" };
    }

    private List<string> ReadAlgorithms(string predictionType)
    {
        var modeling = _settings.Child("modeling");
        var trainable = AlgorithmCatalog.Trainable(predictionType);
        var have = string.Join(", ", trainable);
        var enabled = new List<string>();
        foreach (var (key, node) in modeling)
        {
            if (node is not JsonObject algorithm || algorithm.Boolean("enabled") != true) continue;
            if (!trainable.Contains(key, StringComparer.Ordinal))
                Fault($"/modeling/{Escape(key)}/enabled", "AlgorithmNotTrained", $"Algorithm '{key}' is not trained here for {predictionType}. Disable it; there are: {have}.");
            else
                enabled.Add(key);
        }

        foreach (var list in new[] { "custom_python", "custom_mllib" })
            if (modeling[list] is JsonArray { Count: > 0 } custom && custom.OfType<JsonObject>().Any(model => model.Boolean("enabled") != false))
                Fault($"/modeling/{list}", "AlgorithmNotTrained", $"Models of own code ('{list}') are not trained here. Disable them; there are: {have}.");
        if (modeling["plugin_python"] is JsonObject plugins && plugins.Any(plugin => (plugin.Value as JsonObject)?.Boolean("enabled") == true))
            Fault("/modeling/plugin_python", "AlgorithmNotTrained", $"Algorithms of plugins are not trained here. Disable them; there are: {have}.");
        foreach (var key in enabled) CheckHyperparameters(key, (JsonObject)modeling[key]!);
        return [.. trainable.Where(key => enabled.Contains(key, StringComparer.Ordinal))];
    }

    /// <summary>Values other than those a training uses would make no difference: better refused than passed over.</summary>
    private void CheckHyperparameters(string key, JsonObject algorithm)
    {
        foreach (var (name, expected) in AlgorithmCatalog.Used(key))
        {
            var given = Value(algorithm[name]);
            if (given is null || JsonNode.DeepEquals(given, expected) || SameNumber(given, expected)) continue;
            Fault($"/modeling/{key}/{name}", "HyperparameterNotTaken", $"Hyperparameter '{name}' of '{key}' is fixed at {Documents.Text(expected)} so far; leave it so.");
        }
    }

    private void ReadOthers()
    {
        var metric = _settings.Child("modeling").Child("metrics").String("evaluationMetric");
        if (metric is not null && !MetricNames.IsKnown(metric))
            Fault("/modeling/metrics/evaluationMetric", "MetricNotComputed", $"Metric '{metric}' is not computed; use one of {string.Join(", ", MetricNames.Known)}.");
        if (_settings.Child("weight").String("weightMethod") is { } weight and not "NO_WEIGHTING")
            Fault("/weight/weightMethod", "WeightsNotTrained", $"Weighting '{weight}' is not done; use NO_WEIGHTING.");
        if (_settings.Child("assertionsParams")["assertions"] is JsonArray { Count: > 0 })
            _notes.Add("Assertions are kept in the settings but not checked.");
    }

    private string? PositiveClass() =>
        _settings.Child("preprocessing")["target_remapping"] is JsonArray remapping
            ? remapping.OfType<JsonObject>().FirstOrDefault(entry => entry.Number("mappedValue") is 1)?.String("sourceValue")
            : null;

    /// <summary>What counts of a hyperparameter: the values of a numeric or categorical one, else itself.</summary>
    internal static JsonNode? Value(JsonNode? node)
    {
        if (node is not JsonObject parameter || parameter["values"] is not { } values) return node;
        if (values is not JsonObject choices) return values;
        return new JsonArray([.. choices.Where(choice => (choice.Value as JsonObject)?.Boolean("enabled") == true)
            .Select(choice => JsonValue.Create(choice.Key))]);
    }

    private static bool SameNumber(JsonNode given, JsonNode expected)
    {
        if (given is JsonArray { Count: 1 } list && expected is JsonArray { Count: 1 } wanted) return SameNumber(list[0]!, wanted[0]!);
        return given is JsonValue a && expected is JsonValue b
            && a.GetValueKind() == System.Text.Json.JsonValueKind.Number && b.GetValueKind() == System.Text.Json.JsonValueKind.Number
            && Number(a).Equals(Number(b));
    }

    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private void Fault(string pointer, string code, string message) => _faults.Add(new ApiErrorItem(pointer, code, message));
}
