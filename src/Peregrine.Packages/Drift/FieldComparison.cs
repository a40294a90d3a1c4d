using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Models.Drift;

namespace Peregrine.Packages.Drift;

/// <summary>Compares the counts of one field.</summary>
/// <remarks>
/// Numbers of many values are compared by Kolmogorov-Smirnov, and the rate of missing ones by chi-square: the smaller p-value counts, doubled
/// (Bonferroni). Everything else is compared by chi-square over all cells.
/// </remarks>
internal static class FieldComparison
{
    private const double GroupShare = 0.1;
    private const int FewCells = 20;

    public static FieldDrift Compare(FieldDrift field)
    {
        if (field.Counts is not { } counts) return field;
        long[] training = [.. counts.Training], live = [.. counts.Live];
        double n = DriftStatistics.Sum(training), m = DriftStatistics.Sum(live);
        field = field with
        {
            MissingTraining = Share(training[^1], n), MissingLive = Share(live[^1], m),
            UnseenTraining = Share(Unseen(field, training), n), UnseenLive = Share(Unseen(field, live), m),
            Histogram = FieldHistogram.Draw(field, training, live),
        };
        if (n == 0 || m == 0) return field with { Verdict = DriftVerdict.TooFew };
        var psi = Psi(field, training, live);
        var (test, outcome) = Test(field, training, live);
        return field with { Psi = psi, WeightedScore = psi * field.Importance, Test = test, Statistic = outcome.Statistic, P = outcome.P };
    }

    /// <summary>Over groups of a tenth of the training rows each, with unseen categories and missing values as groups of their own.</summary>
    private static double Psi(FieldDrift field, long[] training, long[] live)
    {
        var ordinary = field.Kind == FieldKinds.Category ? training.Length - 2 : training.Length - 1;
        var ends = DriftStatistics.Group(training.AsSpan(0, ordinary), GroupShare);
        for (var cell = ordinary; cell < training.Length; cell++) ends.Add(cell + 1);
        return DriftStatistics.Psi(Sums(training, ends), Sums(live, ends));
    }

    private static (string Test, TestOutcome Outcome) Test(FieldDrift field, long[] training, long[] live)
    {
        if (field.Kind != FieldKinds.Number || training.Length <= FewCells) return (FieldKinds.ChiSquare, DriftStatistics.ChiSquare(training, live));
        var outcome = DriftStatistics.KolmogorovSmirnov(training.AsSpan(..^1), live.AsSpan(..^1));
        if (training[^1] + live[^1] == 0) return (FieldKinds.KolmogorovSmirnov, outcome);
        var missing = DriftStatistics.ChiSquare(Missing(training), Missing(live));
        return (FieldKinds.KolmogorovSmirnov, outcome with { P = Math.Min(1, 2 * Math.Min(outcome.P, missing.P)) });
    }

    private static long[] Missing(long[] counts) => [DriftStatistics.Sum(counts.AsSpan(..^1)), counts[^1]];

    private static long Unseen(FieldDrift field, long[] counts) => field.Kind switch
    {
        FieldKinds.Category => counts[^2],
        FieldKinds.Number => counts[0] + counts[^2],
        _ => 0,
    };

    private static long[] Sums(long[] counts, List<int> ends)
    {
        var sums = new long[ends.Count];
        for (var group = 0; group < sums.Length; group++)
            sums[group] = DriftStatistics.Sum(counts.AsSpan((group == 0 ? 0 : ends[group - 1])..ends[group]));
        return sums;
    }

    private static double Share(long part, double whole) => whole == 0 ? 0 : part / whole;
}
