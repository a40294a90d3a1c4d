using Peregrine.Training.Evaluation;
using Peregrine.Training.Metrics;

namespace Peregrine.Training.Tests.Metrics;

public sealed class RankedScoresTests
{
    // Computed with scikit-learn 1.2.1.
    private static readonly double[] s_scores = [.9, .9, .8, .7, .4, .4, .3, .2];
    private static readonly bool[] s_labels = [true, false, true, false, false, true, false, true];

    [Fact]
    public void Metrics_TiedScores_EqualScikitLearn()
    {
        var ranked = new RankedScores(s_scores, s_labels);

        ranked.RocAuc().ShouldBe(0.5, 1e-12);
        ranked.AveragePrecision().ShouldBe(0.5416667, 1e-7);
        ProbabilityMetrics.Brier(s_scores, s_labels).ShouldBe(0.325, 1e-12);
        ProbabilityMetrics.LogLoss(s_scores, s_labels).ShouldBe(0.9035364, 1e-7);
    }

    [Fact]
    public void RocAuc_RandomScores_EqualsTheShareOfOrderedPairs()
    {
        var random = new Random(1);
        double[] scores = [.. Enumerable.Range(0, 300).Select(_ => random.Next(40) / 40.0)];
        bool[] labels = [.. scores.Select(score => random.NextDouble() < score)];

        var pairs = from i in Enumerable.Range(0, 300)
                    from j in Enumerable.Range(0, 300)
                    where labels[i] && !labels[j]
                    select scores[i] > scores[j] ? 1.0 : scores[i] == scores[j] ? 0.5 : 0;
        new RankedScores(scores, labels).RocAuc().ShouldBe(pairs.Average(), 1e-12);
    }

    [Fact]
    public void BestF1Threshold_AnyScores_IsBeatenByNoOtherThreshold()
    {
        var random = new Random(2);
        for (var round = 0; round < 50; round++)
        {
            double[] scores = [.. Enumerable.Range(0, 60).Select(_ => random.Next(20) / 20.0)];
            bool[] labels = [.. scores.Select(score => random.NextDouble() < score * score)];
            double F1(double threshold)
            {
                var hits = scores.Zip(labels).Count(pair => pair.First >= threshold && pair.Second);
                return 2.0 * hits / (scores.Count(score => score >= threshold) + labels.Count(label => label));
            }

            var best = new RankedScores(scores, labels).BestF1Threshold();

            F1(best).ShouldBe(scores.Max(F1), 1e-12);
        }
    }

    [Fact]
    public void Metrics_OneClassOnly_AreNotNumbers()
    {
        new RankedScores([.1, .2], [true, true]).RocAuc().ShouldBe(double.NaN);
        new RankedScores([.1, .2], [false, false]).AveragePrecision().ShouldBe(double.NaN);
    }

    [Fact]
    public void Evaluate_Curves_BeginEndAndAddUp()
    {
        var random = new Random(3);
        double[] scores = [.. Enumerable.Range(0, 5000).Select(_ => random.NextDouble())];
        bool[] labels = [.. scores.Select(score => random.NextDouble() < score)];

        var evaluation = BinaryEvaluator.Evaluate(scores, labels, 0.5);

        evaluation.Roc[0].ShouldBe(new RocPoint(0, 0));
        evaluation.Roc[^1].ShouldBe(new RocPoint(1, 1));
        evaluation.Roc.Count.ShouldBeLessThan(250);
        evaluation.PrecisionRecall[^1].Recall.ShouldBe(1);
        evaluation.PrecisionRecall.Count.ShouldBeLessThan(250);
        evaluation.AtThreshold.Rows.ShouldBe(5000);
        evaluation.AtThreshold.TruePositives.ShouldBe(scores.Zip(labels).Count(pair => pair.First >= 0.5 && pair.Second));
        evaluation.Lift[^1].Lift.ShouldBe(1, 1e-12);
        evaluation.Lift[^1].Gain.ShouldBe(1, 1e-12);
        evaluation.Calibration.Count.ShouldBe(10);
        evaluation.Calibration.Sum(bin => bin.Rows).ShouldBe(5000);
        evaluation.Calibration.ShouldAllBe(bin => Math.Abs(bin.Predicted - bin.Observed) < 0.1);
        evaluation.Thresholds[0].FalseNegatives.ShouldBe(0);
    }

    [Fact]
    public void Lift_RunCutByTheShare_CountsInPart()
    {
        // Ten rows of one score, five positive: one row of ten holds half a positive.
        var evaluation = BinaryEvaluator.Evaluate(Enumerable.Repeat(0.5, 10).ToArray(), [.. Enumerable.Range(0, 10).Select(i => i < 5)], 0.5);

        evaluation.Lift.Single(point => point.Share == 0.1).Gain.ShouldBe(0.1, 1e-12);
        evaluation.Lift.Single(point => point.Share == 0.1).Lift.ShouldBe(1, 1e-12);
    }
}
