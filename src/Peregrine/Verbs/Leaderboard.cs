using System.Globalization;
using Peregrine.Client;
using Peregrine.Terminal;

namespace Peregrine.Verbs;

/// <summary>Models of a session side by side, the best first.</summary>
internal static class Leaderboard
{
    private static readonly (string Header, string Metric, string Format)[] Classification =
        [("ROC AUC", "auc", "0.0000"), ("PR AUC", "averagePrecision", "0.0000"), ("LOG-LOSS", "logLoss", "0.00000")];

    private static readonly (string Header, string Metric, string Format)[] Regression =
        [("R2", "r2", "0.0000"), ("RMSE", "rmse", "0.000"), ("MAE", "mae", "0.000")];

    private static readonly (string Header, string Metric, string Format)[] Clustering =
        [("CLUSTERS", "clusters", "0"), ("SILHOUETTE", "silhouette", "0.0000"), ("INERTIA", "inertia", "0.0"), ("EXPLAINED", "explainedVariance", "0.0 %")];

    /// <summary>Done models, by PR AUC for two classes, else by ROC AUC, log-loss, R2 or silhouette.</summary>
    public static LabModel? Best(IEnumerable<LabModel> models) => Ordered(models).FirstOrDefault(model => model.IsDone);

    public static void Print(IReadOnlyList<LabModel> models)
    {
        var columns = Columns(models);
        Output.Table(
            ["ALGORITHM", .. columns.Select(column => column.Header), "TIME", "STATE", "MODEL"],
            Ordered(models).Select(model => Row(model, columns)));
    }

    public static string[] Row(LabModel model, IReadOnlyList<(string Header, string Metric, string Format)> columns) =>
    [
        model.Algorithm,
        .. columns.Select(column => model.Metric(column.Metric)?.ToString(column.Format, CultureInfo.InvariantCulture) ?? "-"),
        model.TrainingSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s") : "-",
        model.State,
        model.Id,
    ];

    public static IReadOnlyList<(string Header, string Metric, string Format)> Columns(IEnumerable<LabModel> models) =>
        models.Any(model => model.Metric("silhouette") is not null) ? Clustering : models.Any(model => model.Metric("r2") is not null) ? Regression : Classification;

    public static IEnumerable<LabModel> Ordered(IEnumerable<LabModel> models) => models
        .OrderByDescending(model => model.IsDone)
        .ThenByDescending(model => model.Metric("averagePrecision") ?? model.Metric("auc") ?? model.Metric("r2") ?? model.Metric("silhouette") ?? -(model.Metric("logLoss") ?? double.PositiveInfinity));
}
