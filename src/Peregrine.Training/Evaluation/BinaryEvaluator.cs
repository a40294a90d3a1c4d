using Peregrine.Training.Metrics;

namespace Peregrine.Training.Evaluation;

/// <summary>Figures and curves of a binary model.</summary>
public static class BinaryEvaluator
{
    private const int CurvePoints = 200;
    private static readonly double[] s_liftShares = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <param name="positive">P(positive) per row.</param>
    /// <param name="labels">Whether the row is positive.</param>
    /// <param name="threshold">Chosen on other rows.</param>
    public static BinaryEvaluation Evaluate(ReadOnlySpan<double> positive, ReadOnlySpan<bool> labels, double threshold)
    {
        var ranked = new RankedScores(positive, labels);
        return new BinaryEvaluation
        {
            RocAuc = ranked.RocAuc(),
            AveragePrecision = ranked.AveragePrecision(),
            LogLoss = ProbabilityMetrics.LogLoss(positive, labels),
            Brier = ProbabilityMetrics.Brier(positive, labels),
            PositiveShare = (double)ranked.Positives / ranked.Rows,
            Threshold = threshold,
            AtThreshold = At(ranked, threshold),
            Thresholds = [.. Enumerable.Range(0, 101).Select(percent => At(ranked, percent / 100.0))],
            Roc = Roc(ranked),
            PrecisionRecall = PrecisionRecall(ranked),
            Lift = Lift(ranked),
            Calibration = Calibration(positive, labels),
        };
    }

    private static ThresholdFigures At(RankedScores ranked, double threshold)
    {
        var run = ranked.LastRunFrom(threshold);
        var (truePositives, falsePositives) = run < 0 ? (0, 0) : (ranked.TruePositives(run), ranked.FalsePositives(run));
        return new(threshold, truePositives, falsePositives, ranked.Negatives - falsePositives, ranked.Positives - truePositives);
    }

    private static List<RocPoint> Roc(RankedScores ranked)
    {
        var points = new List<RocPoint> { new(0, 0) };
        var lastX = 0.0;
        var lastY = 0.0;
        for (var run = 0; run < ranked.Runs; run++)
        {
            var x = ranked.Negatives == 0 ? 0 : (double)ranked.FalsePositives(run) / ranked.Negatives;
            var y = ranked.Positives == 0 ? 0 : (double)ranked.TruePositives(run) / ranked.Positives;
            if (run + 1 < ranked.Runs && x - lastX + (y - lastY) < 2.0 / CurvePoints) continue;
            points.Add(new(x, y));
            (lastX, lastY) = (x, y);
        }

        return points;
    }

    private static List<PrecisionRecallPoint> PrecisionRecall(RankedScores ranked)
    {
        var points = new List<PrecisionRecallPoint>();
        var last = -1.0;
        for (var run = 0; run < ranked.Runs && ranked.Positives > 0; run++)
        {
            var recall = (double)ranked.TruePositives(run) / ranked.Positives;
            if (run + 1 < ranked.Runs && recall - last < 1.0 / CurvePoints) continue;
            points.Add(new(recall, (double)ranked.TruePositives(run) / (ranked.TruePositives(run) + ranked.FalsePositives(run))));
            last = recall;
        }

        return points;
    }

    /// <summary>A run that a share cuts counts by the part of it that falls within.</summary>
    private static List<LiftPoint> Lift(RankedScores ranked)
    {
        var points = new List<LiftPoint>();
        var run = 0;
        foreach (var share in s_liftShares)
        {
            var rows = share * ranked.Rows;
            while (run < ranked.Runs - 1 && ranked.TruePositives(run) + ranked.FalsePositives(run) < rows) run++;
            double before = run == 0 ? 0 : ranked.TruePositives(run - 1);
            double rowsBefore = run == 0 ? 0 : ranked.TruePositives(run - 1) + ranked.FalsePositives(run - 1);
            var inRun = ranked.TruePositives(run) + ranked.FalsePositives(run) - rowsBefore;
            var caught = before + (ranked.TruePositives(run) - before) * (rows - rowsBefore) / inRun;
            if (ranked.Positives > 0 && rows > 0) points.Add(new(share, caught / rows / ((double)ranked.Positives / ranked.Rows), caught / ranked.Positives));
        }

        return points;
    }

    private static List<CalibrationBin> Calibration(ReadOnlySpan<double> positive, ReadOnlySpan<bool> labels)
    {
        const int bins = 10;
        var rows = new int[bins];
        var sums = new double[bins];
        var hits = new int[bins];
        for (var row = 0; row < positive.Length; row++)
        {
            var bin = Math.Min(bins - 1, (int)(positive[row] * bins));
            rows[bin]++;
            sums[bin] += positive[row];
            if (labels[row]) hits[bin]++;
        }

        return [.. Enumerable.Range(0, bins).Where(bin => rows[bin] > 0).Select(bin =>
            new CalibrationBin(bin / 10.0, (bin + 1) / 10.0, rows[bin], sums[bin] / rows[bin], (double)hits[bin] / rows[bin]))];
    }
}
