namespace Peregrine.Training.Metrics;

/// <summary>
/// Binary scores in falling order, cut into runs of equal score: what ROC, precision-recall, lift and the best threshold are
/// all computed from. Rows of one score are never parted.
/// </summary>
public sealed class RankedScores
{
    private readonly double[] _scores;        // one per run, falling
    private readonly int[] _truePositives;    // rows of the run and all before it
    private readonly int[] _falsePositives;

    /// <param name="scores">Higher means more positive; no NaN.</param>
    /// <param name="positive">As many labels.</param>
    public RankedScores(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(positive.Length, scores.Length);
        var sorted = scores.ToArray();
        var labels = positive.ToArray();
        Array.Sort(sorted, labels);
        var runs = new List<(double Score, int True, int False)>();
        int truePositives = 0, falsePositives = 0;
        for (var at = sorted.Length - 1; at >= 0; at--)
        {
            if (labels[at]) truePositives++;
            else falsePositives++;
            if (at == 0 || !sorted[at - 1].Equals(sorted[at])) runs.Add((sorted[at], truePositives, falsePositives));
        }

        _scores = [.. runs.Select(run => run.Score)];
        _truePositives = [.. runs.Select(run => run.True)];
        _falsePositives = [.. runs.Select(run => run.False)];
        Positives = truePositives;
        Negatives = falsePositives;
    }

    public int Positives { get; }

    public int Negatives { get; }

    public int Rows => Positives + Negatives;

    /// <summary>Distinct scores.</summary>
    public int Runs => _scores.Length;

    /// <summary>A distinct score; the first is the highest.</summary>
    public double Score(int run) => _scores[run];

    /// <summary>Positives with this run's score or a higher one.</summary>
    public int TruePositives(int run) => _truePositives[run];

    /// <summary>Negatives with this run's score or a higher one.</summary>
    public int FalsePositives(int run) => _falsePositives[run];

    /// <summary>Chance that a positive scores above a negative, ties counting half; NaN when there are none of either.</summary>
    public double RocAuc()
    {
        if (Positives == 0 || Negatives == 0) return double.NaN;
        double area = 0;
        for (var run = 0; run < Runs; run++)
        {
            long before = run == 0 ? 0 : _truePositives[run - 1];
            long negatives = _falsePositives[run] - (run == 0 ? 0 : _falsePositives[run - 1]);
            area += negatives * (before + _truePositives[run]) / 2.0;
        }

        return area / Positives / Negatives;
    }

    /// <summary>Sum over distinct thresholds of precision times gained recall, as scikit-learn defines it; NaN without positives.</summary>
    public double AveragePrecision()
    {
        if (Positives == 0) return double.NaN;
        double sum = 0;
        for (var run = 0; run < Runs; run++)
        {
            var gained = _truePositives[run] - (run == 0 ? 0 : _truePositives[run - 1]);
            sum += gained * ((double)_truePositives[run] / (_truePositives[run] + _falsePositives[run]));
        }

        return sum / Positives;
    }

    /// <summary>
    /// The threshold of the largest F1, half-way to the next lower score so that small differences of the scores do not matter.
    /// 0.5 without positives.
    /// </summary>
    public double BestF1Threshold()
    {
        if (Positives == 0 || Negatives == 0) return 0.5;
        var best = 0;
        double bestF1 = -1;
        for (var run = 0; run < Runs; run++)
        {
            var f1 = 2.0 * _truePositives[run] / (_truePositives[run] + _falsePositives[run] + Positives);
            if (f1 <= bestF1) continue;
            bestF1 = f1;
            best = run;
        }

        return best + 1 < Runs ? _scores[best] + (_scores[best + 1] - _scores[best]) / 2 : _scores[best];
    }

    /// <summary>The last run whose score is at least a threshold, or -1.</summary>
    public int LastRunFrom(double threshold)
    {
        var (low, high) = (0, Runs);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_scores[middle] >= threshold) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }
}
