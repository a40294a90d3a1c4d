using Peregrine.Designing.Lab;
using Peregrine.Training;
using Peregrine.Training.Evaluation;

namespace Peregrine.Web.Tests.ModelReports;

/// <summary>Evaluations for tests: a sound model of two classes, unless said otherwise.</summary>
internal static class Reports
{
    public static EvaluationDocument Binary(double rocAuc = 0.97, double averagePrecision = 0.8, double positiveShare = 0.02, int positives = 200, double calibrationError = 0.01, double firstField = 0.3) => new()
    {
        Evaluation = new ModelEvaluation
        {
            Rows = 10_000,
            Binary = new BinaryEvaluation
            {
                RocAuc = rocAuc, AveragePrecision = averagePrecision, LogLoss = 0.02, Brier = 0.01, PositiveShare = positiveShare, Threshold = 0.5,
                AtThreshold = At(0.5, positives * 3 / 4, 50, positives / 4),
                Thresholds = [At(0.1, positives, 900, 0), At(0.9, positives / 2, 5, positives / 2)],
                Roc = [new RocPoint(0, 0), new RocPoint(1, 1)],
                PrecisionRecall = [new PrecisionRecallPoint(0, 1)],
                Lift = [],
                Calibration = [new CalibrationBin(0, 0.5, 9_000, 0.1, 0.1), new CalibrationBin(0.5, 1, 1_000, 0.8, 0.8 - 10 * calibrationError)],
            },
        },
        Importance = [new FieldImportance("amount", firstField), new FieldImportance("hour", 0.1)],
        Columns = [],
        Classes = ["0", "1"],
        TrainRows = 40_000,
        TestRows = 10_000,
        Trees = 100,
        FittingMs = 1_000,
        EvaluatingMs = 10,
        Warnings = [],
    };

    /// <summary>Two clusters of 1,000 rows, the second one small, and one of outliers.</summary>
    public static EvaluationDocument Clusters(double silhouette) => Binary() with
    {
        Evaluation = new ModelEvaluation
        {
            Rows = 1_000,
            Clustering = new ClusteringEvaluation
            {
                Silhouette = silhouette, SilhouetteRows = 500, Inertia = 12, ExplainedVariance = 0.8, FitRows = 1_000, Tried = [new TriedClusters(2, silhouette, 12)], OutlierDistance = 3,
                Clusters = [new ClusterFigures("cluster_0", 993, 0.993, []), new ClusterFigures("cluster_1", 5, 0.005, []), new ClusterFigures("cluster_outliers", 2, 0.002, [])],
            },
        },
        Classes = ["cluster_0", "cluster_1", "cluster_outliers"],
    };

    private static ThresholdFigures At(double threshold, int truePositives, int falsePositives, int falseNegatives) =>
        new(threshold, truePositives, falsePositives, 10_000 - truePositives - falsePositives - falseNegatives, falseNegatives);
}
