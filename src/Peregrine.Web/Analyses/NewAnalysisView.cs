using System.Text.Json.Nodes;
using Peregrine.Designing.Datasets;
using Peregrine.Designing.Lab;
using Peregrine.Training.Clustering;
using Peregrine.Web.Components;
using Peregrine.Web.Live;

namespace Peregrine.Web.Analyses;

public sealed record NewAnalysisState(IReadOnlyList<DatasetSummary> Datasets);

/// <summary>The form of a new analysis: what to predict from what, how to test, what to train; or which clusters to look for.</summary>
public sealed class NewAnalysisView(Engines engines) : ViewModel<NewAnalysisState>(engines)
{
    private const double OutlierShare = 0.01;
    private static readonly string[] TimeTypes = ["date", "dateonly", "datetimenotz", "bigint", "double"];

    public string ProjectKey { get; set; } = "";
    public string Dataset { get; private set; } = "";
    public string Target { get; private set; } = "";
    public HashSet<string> Ignored { get; } = new(StringComparer.Ordinal);
    public bool ByTime { get; set; }
    public string TimeColumn { get; set; } = "";

    /// <summary>In whole per cent, 5 to 95.</summary>
    public int TrainPercent { get; set; } = 80;

    /// <summary>Clusters instead of a prediction.</summary>
    public bool FindsClusters { get; set; }

    /// <summary>2 to 100, and no more than <see cref="MostClusters"/>.</summary>
    public int FewestClusters { get; set; } = 2;

    /// <summary>Up to 100, at most 50 numbers in all.</summary>
    public int MostClusters { get; set; } = 8;

    public bool SetsOutliersApart { get; set; }

    /// <summary>What is wrong with the numbers of clusters; null when they can be had.</summary>
    public string? ClustersFault =>
        FewestClusters < ClusteringSpec.FewestClusters || MostClusters > ClusteringSpec.MostClusters ? $"From {ClusteringSpec.FewestClusters} to {ClusteringSpec.MostClusters} clusters can be had."
        : MostClusters < FewestClusters ? "There are fewer than the fewest."
        : MostClusters - FewestClusters >= ClusteringSpec.MostCandidates ? $"At most {ClusteringSpec.MostCandidates} numbers can be tried."
        : null;

    public bool Linear { get; set; } = true;
    public bool Forest { get; set; } = true;
    public bool Boosting { get; set; } = true;

    public IReadOnlyList<DatasetColumn> Columns => State?.Datasets.FirstOrDefault(dataset => dataset.Name == Dataset)?.Columns ?? [];

    /// <summary>Columns that can order rows, dates first.</summary>
    public IReadOnlyList<DatasetColumn> TimeColumns =>
        [.. Columns.Where(column => TimeTypes.Contains(column.Type, StringComparer.Ordinal) && column.Name != Target).OrderBy(column => Array.IndexOf(TimeTypes, column.Type))];

    /// <summary>Columns that can be learnt from; empty until it is known what for.</summary>
    public IReadOnlyList<DatasetColumn> Learnable => FindsClusters ? Columns : Target.Length == 0 ? [] : [.. Columns.Where(column => column.Name != Target)];

    public bool IsComplete => FindsClusters ? Dataset.Length > 0 && ClustersFault is null : Dataset.Length > 0 && Target.Length > 0 && (Linear || Forest || Boosting) && (!ByTime || TimeColumn.Length > 0);

    public void ChooseDataset(string dataset)
    {
        Dataset = dataset;
        Target = "";
        Ignored.Clear();
        TimeColumn = "";
        ByTime = false;
    }

    public void ChooseTarget(string target)
    {
        Target = target;
        Ignored.Remove(target);
        if (TimeColumn.Length == 0 || TimeColumn == target) TimeColumn = TimeColumns is [var first, ..] ? first.Name : "";
    }

    public void Ignore(string column, bool ignore)
    {
        if (ignore) Ignored.Add(column);
        else Ignored.Remove(column);
    }

    /// <summary>Makes the analysis and starts its training. One of the two members is there.</summary>
    public async Task<(MlTaskRef? Task, Fault? Fault)> StartAsync(string actor, CancellationToken cancellationToken)
    {
        MlTaskRef? made = null;
        var fault = await Engines.GuardAsync(async () =>
        {
            var request = FindsClusters
                ? new CreatePredictionTask { InputDataset = Dataset, TargetVariable = "", PredictionType = PredictionTypes.Clustering, Ignore = [.. Ignored] }
                : new CreatePredictionTask { InputDataset = Dataset, TargetVariable = Target, Ignore = [.. Ignored], TimeVariable = ByTime ? TimeColumn : null };
            var task = await Engines.CallAsync<LabService, MlTaskRef>(lab => lab.CreatePredictionTaskAsync(ProjectKey, request, cancellationToken));
            try
            {
                await TuneAsync(task, cancellationToken);
                await Engines.CallAsync<TrainingService>(training => training.StartAsync(task, sessionName: null, actor, cancellationToken));
            }
            catch
            {
                // What could not be trained leaves no empty analysis behind.
                await Engines.CallAsync<LabService>(lab => lab.DeleteAnalysisAsync(ProjectKey, task.AnalysisId, CancellationToken.None));
                throw;
            }
            made = task;
        });
        return (made, fault);
    }

    protected override async Task<NewAnalysisState> ReadAsync(CancellationToken cancellationToken) =>
        new([.. (await Engines.CallAsync<DatasetService, IReadOnlyList<DatasetSummary>>(datasets => datasets.ListAsync(ProjectKey, cancellationToken))).Where(dataset => dataset.Columns.Count > 0)]);

    private async Task TuneAsync(MlTaskRef task, CancellationToken cancellationToken)
    {
        var settings = await Engines.CallAsync<LabService, JsonObject>(lab => lab.GetSettingsAsync(task, cancellationToken));
        Tune(settings);
        await Engines.CallAsync<LabService>(lab => lab.SaveSettingsAsync(task, settings, cancellationToken));
    }

    /// <summary>Writes share and algorithms of the form, or its clusters, into a settings document.</summary>
    internal void Tune(JsonObject settings)
    {
        if (FindsClusters)
        {
            settings["modeling"]!["kmeans_clustering"]!["k"] = new JsonArray([.. Enumerable.Range(FewestClusters, MostClusters - FewestClusters + 1).Select(count => (JsonNode)count)]);
            if (SetsOutliersApart) settings["preprocessing"]!["outliers"] = new JsonObject { ["method"] = "CLUSTER", ["share"] = OutlierShare };
            return;
        }

        if (settings["splitParams"] is JsonObject split) split["ssdTrainingRatio"] = TrainPercent / 100d;
        if (settings["modeling"] is not JsonObject modeling) return;
        foreach (var (key, node) in modeling)
        {
            if (node is not JsonObject algorithm || algorithm["enabled"] is not JsonValue) continue;
            if (Wanted(key) is { } wanted && algorithm["enabled"]!.GetValue<bool>()) algorithm["enabled"] = wanted;
        }
    }

    private bool? Wanted(string key) => key switch
    {
        "logistic_regression" or "ridge_regression" => Linear,
        _ when key.StartsWith("random_forest", StringComparison.Ordinal) => Forest,
        _ when key.StartsWith("lightgbm", StringComparison.Ordinal) => Boosting,
        _ => null,
    };
}
