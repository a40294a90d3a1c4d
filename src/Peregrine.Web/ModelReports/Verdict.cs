using Peregrine.Designing.Lab;
using Peregrine.Training.Evaluation;
using Peregrine.Web.Components;
using Peregrine.Web.Text;

namespace Peregrine.Web.ModelReports;

/// <summary>The answer before the evidence: is the model good, and can the figures be trusted?</summary>
/// <param name="Headline">A few words, such as "Excellent".</param>
/// <param name="Says">What that means, in one sentence.</param>
/// <param name="Trust">Findings for and against trusting the figures, the gravest first.</param>
public sealed record Verdict(Tone Tone, string Headline, string Says, IReadOnlyList<Finding> Trust)
{
    /// <summary>Fewer positives than this make every figure of a test jump from one test to the next.</summary>
    private const int FewPositives = 100;
    private const double Rare = 0.05;
    private const double SuspiciouslyGood = 0.9995;
    private const double OneFieldDecides = 0.75;
    private const double WellCalibrated = 0.02;
    private const double SmallCluster = 0.01;

    public static Verdict Of(EvaluationDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var (tone, headline, says) = document.Evaluation switch
        {
            { Binary: { } binary } => Quality(binary),
            { Multiclass: { } classes } => Quality(classes),
            { Regression: { } regression } => Quality(regression),
            { Clustering: { } clusters } => Quality(clusters),
            _ => (Tone.Idle, "Not evaluated", "There are no figures of this model."),
        };
        var findings = Findings(document).OrderByDescending(finding => finding.Tone == Tone.Bad).ThenByDescending(finding => finding.Tone == Tone.Warn);
        return new Verdict(tone, headline, says, [.. findings]);
    }

    private static (Tone Tone, string Headline, string Says) Quality(BinaryEvaluation binary)
    {
        var at = binary.AtThreshold;
        var (tone, word) = Math.Min(RankByRoc(binary.RocAuc), RankByPrecision(binary)) switch
        {
            4 => (Tone.Good, "Excellent"),
            3 => (Tone.Good, "Good"),
            2 => (Tone.Warn, "Fair"),
            1 => (Tone.Warn, "Weak"),
            _ => (Tone.Bad, "No better than chance"),
        };
        return (tone, word, $"At the threshold {Figures.Value(binary.Threshold)} it finds {Figures.Share(at.Recall)} of the positives, and {Figures.Share(at.Precision)} of its alarms are right.");
    }

    private static int RankByRoc(double auc) => auc switch { >= 0.95 => 4, >= 0.85 => 3, >= 0.75 => 2, >= 0.6 => 1, _ => 0 };

    /// <summary>Where positives are rare a high ROC AUC comes cheap: then precision has a say too.</summary>
    private static int RankByPrecision(BinaryEvaluation binary) =>
        binary.PositiveShare >= Rare ? 4 : binary.AveragePrecision switch { >= 0.7 => 4, >= 0.4 => 3, >= 0.15 => 2, _ => 1 };

    private static (Tone Tone, string Headline, string Says) Quality(MulticlassEvaluation classes)
    {
        var (tone, word) = classes.MeanRocAuc switch
        {
            >= 0.95 => (Tone.Good, "Excellent"),
            >= 0.85 => (Tone.Good, "Good"),
            >= 0.75 => (Tone.Warn, "Fair"),
            _ => (Tone.Bad, "Weak"),
        };
        return (tone, word, $"It names the right one of {classes.Classes.Count} classes for {Figures.Share(classes.Accuracy)} of the test rows.");
    }

    private static (Tone Tone, string Headline, string Says) Quality(RegressionEvaluation regression)
    {
        var (tone, word) = regression.RSquared switch
        {
            >= 0.9 => (Tone.Good, "Excellent"),
            >= 0.7 => (Tone.Good, "Good"),
            >= 0.4 => (Tone.Warn, "Fair"),
            _ => (Tone.Bad, "Weak"),
        };
        return (tone, word, $"It explains {Figures.Share(Math.Max(0, regression.RSquared))} of the variance; its prediction is off by {Figures.Value(regression.MeanAbsoluteError)} on average.");
    }

    /// <remarks>Kaufman and Rousseeuw (1990): above 0.7 a strong structure, above 0.5 a reasonable one, above 0.25 a weak one that may be of the method's making.</remarks>
    private static (Tone Tone, string Headline, string Says) Quality(ClusteringEvaluation clusters)
    {
        var (tone, word) = clusters.Silhouette switch
        {
            > 0.7 => (Tone.Good, "Clusters stand well apart"),
            > 0.5 => (Tone.Good, "Clusters stand apart"),
            > 0.25 => (Tone.Warn, "Clusters touch"),
            _ => (Tone.Warn, "Hardly any structure"),
        };
        return (tone, word, $"{Figures.Count(clusters.Count, "cluster")} explain {Figures.Share(clusters.ExplainedVariance)} of the spread of the rows; the silhouette is {Figures.Value(clusters.Silhouette)}.");
    }

    private static IEnumerable<Finding> Findings(EvaluationDocument document)
    {
        if (document.Evaluation.Clustering is { } clusters)
        {
            foreach (var finding in Findings(clusters)) yield return finding;
            foreach (var warning in document.Warnings) yield return new Finding(Tone.Warn, warning);
            yield break;
        }

        yield return new Finding(Tone.Good, $"Measured on {Figures.Count(document.TestRows, "row")} that it did not learn from ({Figures.Count(document.TrainRows)} to learn).");
        if (document.Evaluation.Binary is { } binary)
        {
            foreach (var finding in Findings(binary)) yield return finding;
        }
        if (document.Importance is [var first, ..] && first.Share >= OneFieldDecides)
            yield return new Finding(Tone.Warn, $"{first.Field} alone carries {Figures.Share(first.Share)} of the decision. Make sure that it is known before the outcome is.");
        foreach (var warning in document.Warnings) yield return new Finding(Tone.Warn, warning);
    }

    private static IEnumerable<Finding> Findings(ClusteringEvaluation clusters)
    {
        yield return new Finding(Tone.Idle, $"Nothing says which clusters are right: look whether they mean something. The silhouette is of {Figures.Count(clusters.SilhouetteRows, "row")}.");
        if (clusters.Tried.Count > 1)
            yield return new Finding(Tone.Good, $"The best of {Figures.Count(clusters.Tried.Count)} numbers of clusters that were tried.");
        if (clusters.Clusters.Where(cluster => cluster.Rows > 0).Take(clusters.Count).MinBy(cluster => cluster.Share) is { Share: < SmallCluster } small)
            yield return new Finding(Tone.Warn, $"{small.Label} holds {Figures.Count(small.Rows, "row")} only ({Figures.Share(small.Share)}): rows far from all others rather than a group.");
    }

    private static IEnumerable<Finding> Findings(BinaryEvaluation binary)
    {
        var positives = binary.AtThreshold.TruePositives + binary.AtThreshold.FalseNegatives;
        yield return positives < FewPositives
            ? new Finding(Tone.Warn, $"Only {Figures.Count(positives, "positive")} among the test rows: the figures can jump with other rows.")
            : new Finding(Tone.Good, $"{Figures.Count(positives, "positive")} among the test rows ({Figures.Share(binary.PositiveShare)}).");
        if (binary.RocAuc >= SuspiciouslyGood)
            yield return new Finding(Tone.Warn, "Nearly without fault: check that no column tells the outcome in advance.");
        var error = CalibrationError(binary.Calibration);
        yield return error <= WellCalibrated
            ? new Finding(Tone.Good, $"Probabilities can be taken at their word: they are off by {Figures.Share(error)} on average.")
            : new Finding(Tone.Warn, $"Probabilities are off by {Figures.Share(error)} on average: rank by them, do not read them as a risk.");
    }

    /// <summary>Mean distance of predicted and observed share over the bins, weighted by rows (expected calibration error).</summary>
    public static double CalibrationError(IReadOnlyList<CalibrationBin> bins)
    {
        ArgumentNullException.ThrowIfNull(bins);
        double rows = bins.Sum(bin => (long)bin.Rows);
        return rows == 0 ? 0 : bins.Sum(bin => bin.Rows * Math.Abs(bin.Predicted - bin.Observed)) / rows;
    }
}
