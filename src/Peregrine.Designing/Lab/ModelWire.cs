using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Designing.Json;
using Peregrine.Designing.SavedModels;
using Peregrine.Designing.Store;

namespace Peregrine.Designing.Lab;

/// <summary>Models as the wire shows them: a snippet for lists, details for the report. Absent members instead of null.</summary>
internal static class ModelWire
{
    public static JsonObject Snippet(TrainedModelSummary model)
    {
        var snippet = new JsonObject
        {
            ["fullModelId"] = model.Id,
            ["sessionId"] = model.SessionId,
            ["algorithm"] = model.Algorithm.ToUpperInvariant(),
            ["algorithmName"] = model.AlgorithmName,
            ["predictionType"] = model.PredictionType,
            ["evaluationMetric"] = model.MainMetric,
            ["trainInfo"] = TrainInfo(model.State, model.StartedOn ?? model.CreatedOn, model.EndedOn, model.Failure),
        };
        AddMetrics(snippet, model.Metrics);
        return snippet;
    }

    public static JsonObject Snippet(SavedModelSummary model, SavedModelVersion version)
    {
        var snippet = new JsonObject
        {
            ["fullModelId"] = FullId(model, version),
            ["algorithm"] = version.Algorithm.ToUpperInvariant(),
            ["algorithmName"] = version.AlgorithmName,
            ["predictionType"] = model.PredictionType,
            ["trainInfo"] = TrainInfo(RunState.Done, version.TrainedOn, version.TrainedOn, failure: null),
            ["active"] = version.Active,
            ["versionId"] = version.Id,
        };
        AddMetrics(snippet, version.Metrics);
        return snippet;
    }

    public static JsonObject Details(TrainedModelDetails model)
    {
        var summary = model.Summary;
        var details = Common(model.Settings, summary.Algorithm, summary.PredictionType, model.Report, model.UserMeta, summary.AlgorithmName);
        details["fullModelId"] = summary.Id;
        details["trainInfo"] = TrainInfo(summary.State, summary.StartedOn ?? summary.CreatedOn, summary.EndedOn, summary.Failure);
        AddTimes(details, model.Report);
        AddOrigin(details, model.Dataset, model.DatasetDigest, model.ArtifactDigest, model.Seed, model.Steps);
        return details;
    }

    public static JsonObject Details(SavedModelSummary model, SavedModelDetails version)
    {
        var details = Common(
            version.Settings, version.Version.Algorithm, model.PredictionType, version.Report, version.UserMeta, version.Version.AlgorithmName);
        details["fullModelId"] = FullId(model, version.Version);
        details["trainInfo"] = TrainInfo(RunState.Done, version.Version.TrainedOn, version.Version.TrainedOn, failure: null);
        details["smOrigin"] = new JsonObject { ["fullModelId"] = version.Version.LabModelId };
        AddTimes(details, version.Report);
        AddOrigin(
            details, version.Version.DatasetRef, version.Version.DatasetDigest, version.Version.ArtifactDigest, version.Version.Seed, version.Steps);
        return details;
    }

    public static string FullId(SavedModelSummary model, SavedModelVersion version) => $"S-{model.ProjectKey}-{model.Id}-{version.Id}";

    private static JsonObject Common(
        JsonObject settings, string algorithm, string predictionType, EvaluationDocument? report, JsonObject userMeta, string algorithmName)
    {
        var modeling = settings.Child("modeling");
        var meta = (JsonObject)userMeta.DeepClone();
        meta.FilledFrom(new JsonObject { ["name"] = algorithmName, ["description"] = "", ["starred"] = false, ["labels"] = new JsonArray() });
        if (report?.Evaluation.Binary is { } binary && !meta.ContainsKey("activeClassifierThreshold"))
            meta["activeClassifierThreshold"] = binary.Threshold;
        var details = new JsonObject
        {
            ["userMeta"] = meta,
            ["coreParams"] = new JsonObject
            {
                ["taskType"] = PredictionTypes.TaskType(predictionType),
                ["prediction_type"] = predictionType,
                ["target_variable"] = settings.String("targetVariable"),
                ["backendType"] = "PY_MEMORY",
            },
            ["preprocessing"] = settings.Child("preprocessing").DeepClone(),
            ["modeling"] = new JsonObject
            {
                ["algorithm"] = algorithm.ToUpperInvariant(),
                ["metrics"] = modeling.Child("metrics").DeepClone(),
                [algorithm] = modeling.Child(algorithm).DeepClone(),
            },
            ["actualParams"] = new JsonObject
            {
                ["resolved"] = new JsonObject
                {
                    ["algorithm"] = algorithm.ToUpperInvariant(),
                    ["skipExpensiveReports"] = false,
                    [algorithm] = modeling.Child(algorithm).DeepClone(),
                },
            },
            ["iperf"] = new JsonObject(),
            ["mlDiagnostics"] = new JsonObject { ["diagnostics"] = Diagnostics(report) },
        };
        // Present, whatever it is: clients tell clusters from predictions by it.
        if (predictionType == PredictionTypes.Clustering) details["facts"] = ClusterFacts.Of(report?.Evaluation.Clustering, userMeta);
        if (report is null) return details;
        details["splitDesc"] = new JsonObject { ["trainRows"] = report.TrainRows, ["testRows"] = report.TestRows };
        details["perf"] = Performance(report);
        details["evaluation"] = JsonSerializer.SerializeToNode(report, EvaluationJson.Default.EvaluationDocument);
        return details;
    }

    private static JsonObject TrainInfo(RunState state, DateTimeOffset start, DateTimeOffset? end, string? failure)
    {
        var info = new JsonObject { ["state"] = state.ToString().ToUpperInvariant(), ["startTime"] = start.ToUnixTimeMilliseconds() };
        if (end is { } ended) info["endTime"] = ended.ToUnixTimeMilliseconds();
        if (failure is not null) info["failure"] = new JsonObject { ["message"] = failure };
        return info;
    }

    private static void AddTimes(JsonObject details, EvaluationDocument? report)
    {
        if (report is null) return;
        var info = details.Child("trainInfo");
        info["trainingTime"] = (long)report.FittingMs;
        info["evaluationTime"] = (long)report.EvaluatingMs;
    }

    private static void AddOrigin(
        JsonObject details, string dataset, string? datasetDigest, string? artifactDigest, int seed, JsonArray steps)
    {
        var origin = new JsonObject { ["dataset"] = dataset, ["seed"] = seed, ["steps"] = steps.DeepClone() };
        if (datasetDigest is not null) origin["datasetDigest"] = datasetDigest;
        if (artifactDigest is not null) origin["artifactDigest"] = artifactDigest;
        details["origin"] = origin;
    }

    private static JsonArray Diagnostics(EvaluationDocument? report) =>
    [
        .. (report?.Warnings ?? []).Select(warning => new JsonObject
        {
            ["type"] = "ML_DIAGNOSTICS_DATASET_SANITY_CHECKS", ["displayableType"] = "Dataset sanity checks", ["message"] = warning,
        }),
    ];

    private static JsonObject Performance(EvaluationDocument report)
    {
        var perf = new JsonObject { ["tiMetrics"] = Metrics(report.Metrics()) };
        if (report.Evaluation.Binary is not { } binary) return perf;
        perf["rocVizData"] = new JsonObject
        {
            ["x"] = Numbers(binary.Roc.Select(point => point.FalsePositiveRate)),
            ["y"] = Numbers(binary.Roc.Select(point => point.TruePositiveRate)),
        };
        perf["perCutData"] = new JsonObject
        {
            ["cut"] = Numbers(binary.Thresholds.Select(figures => figures.Threshold)),
            ["f1"] = Numbers(binary.Thresholds.Select(figures => figures.F1)),
            ["precision"] = Numbers(binary.Thresholds.Select(figures => figures.Precision)),
            ["recall"] = Numbers(binary.Thresholds.Select(figures => figures.Recall)),
            ["accuracy"] = Numbers(binary.Thresholds.Select(figures => figures.Accuracy)),
            ["tp"] = Numbers(binary.Thresholds.Select(figures => (double)figures.TruePositives)),
            ["fp"] = Numbers(binary.Thresholds.Select(figures => (double)figures.FalsePositives)),
            ["tn"] = Numbers(binary.Thresholds.Select(figures => (double)figures.TrueNegatives)),
            ["fn"] = Numbers(binary.Thresholds.Select(figures => (double)figures.FalseNegatives)),
        };
        return perf;
    }

    private static void AddMetrics(JsonObject snippet, IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var (name, value) in metrics) snippet[name] = value;
    }

    private static JsonObject Metrics(IReadOnlyDictionary<string, double> metrics)
    {
        var wire = new JsonObject();
        AddMetrics(wire, metrics);
        return wire;
    }

    private static JsonArray Numbers(IEnumerable<double> values) => [.. values.Select(value => JsonValue.Create(double.IsFinite(value) ? value : 0))];
}
