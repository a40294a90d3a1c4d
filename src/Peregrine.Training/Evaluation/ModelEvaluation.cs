namespace Peregrine.Training.Evaluation;

/// <summary>Figures of a model on rows it did not learn from; of clusters, on all rows. One of the four parts is there.</summary>
public sealed record ModelEvaluation
{
    /// <summary>Test rows that were scored.</summary>
    public required int Rows { get; init; }

    public BinaryEvaluation? Binary { get; init; }

    public MulticlassEvaluation? Multiclass { get; init; }

    public RegressionEvaluation? Regression { get; init; }

    public ClusteringEvaluation? Clustering { get; init; }

    /// <summary>What models are compared by; more is better.</summary>
    public double Leading => Binary?.RocAuc ?? Clustering?.Silhouette ?? (Multiclass is { } classes ? -classes.LogLoss : Regression!.RSquared);
}

/// <summary>Two classes, the positive one being what is looked for.</summary>
public sealed record BinaryEvaluation
{
    public required double RocAuc { get; init; }

    /// <summary>Average precision: the sum over distinct thresholds of precision times gained recall.</summary>
    public required double AveragePrecision { get; init; }

    public required double LogLoss { get; init; }

    /// <summary>Mean squared error of the probability.</summary>
    public required double Brier { get; init; }

    /// <summary>Of the table, positives among the test rows.</summary>
    public required double PositiveShare { get; init; }

    /// <summary>Found on rows of the training part, where F1 is largest.</summary>
    public required double Threshold { get; init; }

    public required ThresholdFigures AtThreshold { get; init; }

    /// <summary>The same figures at other thresholds, ascending, at most 101.</summary>
    public required IReadOnlyList<ThresholdFigures> Thresholds { get; init; }

    /// <summary>From (0, 0) to (1, 1), at most some 200 points.</summary>
    public required IReadOnlyList<RocPoint> Roc { get; init; }

    /// <summary>From recall 0 on, at most some 200 points.</summary>
    public required IReadOnlyList<PrecisionRecallPoint> PrecisionRecall { get; init; }

    /// <summary>At 1, 2, 5, 10, 20, … 100 % of the rows with the highest scores.</summary>
    public required IReadOnlyList<LiftPoint> Lift { get; init; }

    /// <summary>Ten bins of equal width by probability; bins without rows are left out.</summary>
    public required IReadOnlyList<CalibrationBin> Calibration { get; init; }
}

/// <summary>Decisions at one threshold: positive from that probability on.</summary>
public sealed record ThresholdFigures(
    double Threshold, int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    public int Rows => TruePositives + FalsePositives + TrueNegatives + FalseNegatives;

    public double Accuracy => Rows == 0 ? 0 : (double)(TruePositives + TrueNegatives) / Rows;

    /// <summary>0 when nothing is predicted positive.</summary>
    public double Precision => Share(TruePositives, FalsePositives);

    public double Recall => Share(TruePositives, FalseNegatives);

    public double F1 => TruePositives == 0 ? 0 : 2.0 * TruePositives / (2.0 * TruePositives + FalsePositives + FalseNegatives);

    private static double Share(int part, int rest) => part + rest == 0 ? 0 : (double)part / (part + rest);
}

public sealed record RocPoint(double FalsePositiveRate, double TruePositiveRate);

public sealed record PrecisionRecallPoint(double Recall, double Precision);

/// <param name="Share">Of the rows, those with the highest scores.</param>
/// <param name="Lift">Share of positives among them over the share among all.</param>
/// <param name="Gain">Share of all positives that is among them.</param>
public sealed record LiftPoint(double Share, double Lift, double Gain);

/// <param name="Predicted">Mean probability of the bin's rows.</param>
/// <param name="Observed">Share of positives among them.</param>
public sealed record CalibrationBin(double From, double To, int Rows, double Predicted, double Observed);

/// <summary>More than two classes.</summary>
public sealed record MulticlassEvaluation
{
    public required double LogLoss { get; init; }

    public required double Accuracy { get; init; }

    /// <summary>Mean of each class's ROC AUC against the rest; classes without test rows are left out.</summary>
    public required double MeanRocAuc { get; init; }

    public required IReadOnlyList<ClassFigures> Classes { get; init; }

    /// <summary>Shape [classes][classes]: rows of the first class that were predicted as the second.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }
}

/// <param name="RocAuc">Against the rest; null when all or none of the test rows are of the class.</param>
public sealed record ClassFigures(string Label, int Rows, double Precision, double Recall, double F1, double? RocAuc);

/// <summary>A number.</summary>
public sealed record RegressionEvaluation
{
    /// <summary>Share of the variance explained, at most 1.</summary>
    public required double RSquared { get; init; }

    public required double RootMeanSquaredError { get; init; }

    public required double MeanAbsoluteError { get; init; }

    /// <summary>Observed against predicted values, at most 500 rows spread over the test rows.</summary>
    public required IReadOnlyList<ObservedPredicted> Sample { get; init; }
}

public sealed record ObservedPredicted(double Observed, double Predicted);
