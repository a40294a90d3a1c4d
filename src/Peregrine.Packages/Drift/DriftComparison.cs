using Peregrine.Contracts.ApiNode.Drift;
using Peregrine.Models.Drift;

namespace Peregrine.Packages.Drift;

/// <summary>Computes every figure of a report from its counts. A report merged from many nodes goes through the same as that of one.</summary>
public static class DriftComparison
{
    /// <param name="report">Its fields hold <see cref="FieldDrift.Counts"/>, live and training.</param>
    public static DriftReport Judge(DriftReport report)
    {
        // In one order whatever the order of the fields, so that equal counts give equal bits.
        var features = Judge([.. report.Features.OrderBy(field => field.Name, StringComparer.Ordinal)], report.Rule);
        var weights = features.Sum(field => field.Importance);
        var comparable = features.Any(field => field.Psi is not null) && weights > 0;
        return report with
        {
            Rows = report.Features.Concat(report.Predictions).Max(field => field.Counts?.Live.Sum()) ?? 0,
            TrainingRows = report.Features.Concat(report.Predictions).Max(field => field.Counts?.Training.Sum()) ?? 0,
            Score = comparable ? features.Sum(field => field.WeightedScore ?? 0) / weights : null,
            Drifted = features.Count(field => field.Verdict == DriftVerdict.Drifted),
            Features = [.. features.OrderByDescending(field => field.WeightedScore ?? 0).ThenByDescending(field => field.Psi ?? 0).ThenBy(field => field.Name, StringComparer.Ordinal)],
            Predictions = Judge(report.Predictions, report.Rule),
        };
    }

    /// <summary>The same report without the raw counts.</summary>
    public static DriftReport WithoutCounts(DriftReport report) => report with
    {
        Features = [.. report.Features.Select(field => field with { Counts = null })],
        Predictions = [.. report.Predictions.Select(field => field with { Counts = null })],
    };

    private static FieldDrift[] Judge(IReadOnlyList<FieldDrift> fields, DriftRule rule)
    {
        FieldDrift[] judged = [.. fields.Select(FieldComparison.Compare)];
        int[] tested = [.. Enumerable.Range(0, judged.Length).Where(i => judged[i].P is not null)];
        var adjusted = DriftStatistics.AdjustForMany([.. tested.Select(i => judged[i].P!.Value)]);
        foreach (var (place, i) in tested.Index())
        {
            var field = judged[i];
            var verdict = field.Counts!.Live.Sum() < rule.LeastRows ? DriftVerdict.TooFew
                : adjusted[place] <= rule.Alpha && field.Psi >= rule.LeastPsi ? DriftVerdict.Drifted : DriftVerdict.Stable;
            judged[i] = field with { AdjustedP = adjusted[place], Verdict = verdict };
        }

        return judged;
    }
}
