using Peregrine.Designing.Lab;
using Peregrine.Training.Evaluation;
using Peregrine.Web.Charts;
using Peregrine.Web.Text;

namespace Peregrine.Web.ModelReports;

/// <summary>The report of one model: the verdict, and evidence that follows a threshold the reader may move.</summary>
public sealed class ModelReport
{
    private readonly IReadOnlyList<ThresholdFigures> _thresholds;

    public ModelReport(EvaluationDocument document)
    {
        Document = document;
        Verdict = Verdict.Of(document);
        if (document.Evaluation.Binary is { } binary)
        {
            _thresholds = [.. binary.Thresholds.Append(binary.AtThreshold).DistinctBy(at => at.Threshold).OrderBy(at => at.Threshold)];
            At = binary.AtThreshold;
        }
        else
        {
            _thresholds = [];
        }
    }

    public EvaluationDocument Document { get; }

    public Verdict Verdict { get; }

    /// <summary>Decisions at the chosen threshold; null unless there are two classes.</summary>
    public ThresholdFigures? At { get; private set; }

    public int Steps => _thresholds.Count;

    public int Step => At is null ? 0 : IndexOf(At);

    /// <summary>What one missed positive costs, in the unit of <see cref="AlarmCost"/>.</summary>
    public double MissCost { get; set; } = 50;

    /// <summary>What one false alarm costs.</summary>
    public double AlarmCost { get; set; } = 1;

    public double Cost => At is null ? 0 : CostAt(At);

    /// <summary>The threshold where misses and false alarms together cost least.</summary>
    public ThresholdFigures? Cheapest => _thresholds.Count == 0 ? null : _thresholds.MinBy(CostAt);

    /// <summary>At the chosen threshold, how the positives' and negatives' shares lie on the ROC curve.</summary>
    public ChartPoint? RocMark => At is null ? null : new ChartPoint(Rate(At.FalsePositives, At.TrueNegatives), At.Recall);

    public ChartPoint? PrecisionRecallMark => At is null ? null : new ChartPoint(At.Recall, At.Precision);

    public IReadOnlyList<Series> Roc => Line("ROC", Document.Evaluation.Binary?.Roc.Select(p => new ChartPoint(p.FalsePositiveRate, p.TruePositiveRate)), filled: true);

    public IReadOnlyList<Series> PrecisionRecall => Line("Precision and recall", Document.Evaluation.Binary?.PrecisionRecall.Select(p => new ChartPoint(p.Recall, p.Precision)), filled: true);

    public IReadOnlyList<Series> Calibration =>
        Line("Bins of probability", Document.Evaluation.Binary?.Calibration.Select(bin => new ChartPoint(bin.Predicted, bin.Observed)), dots: true);

    public IReadOnlyList<BarItem> Importance => [.. Document.Importance.Where(item => item.Share > 0).Select(item => new BarItem(item.Field, item.Share, Figures.Share(item.Share)))];

    /// <summary>By actual class, then by predicted class.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Confusion => Document.Evaluation switch
    {
        { Multiclass: { } classes } => [.. classes.Confusion.Select(row => (IReadOnlyList<long>)[.. row.Select(count => (long)count)])],
        _ when At is { } at => [[at.TrueNegatives, at.FalsePositives], [at.FalseNegatives, at.TruePositives]],
        _ => [],
    };

    public void MoveTo(int step) => At = _thresholds[Math.Clamp(step, 0, _thresholds.Count - 1)];

    public void MoveToCheapest() => At = Cheapest ?? At;

    /// <summary>Back to the threshold that the model answers with.</summary>
    public void MoveBack() => At = Document.Evaluation.Binary?.AtThreshold;

    private double CostAt(ThresholdFigures at) => at.FalseNegatives * MissCost + at.FalsePositives * AlarmCost;

    private int IndexOf(ThresholdFigures at)
    {
        for (var i = 0; i < _thresholds.Count; i++)
        {
            if (_thresholds[i].Threshold.Equals(at.Threshold)) return i;
        }
        return 0;
    }

    private static double Rate(int part, int rest) => part + rest == 0 ? 0 : (double)part / (part + rest);

    private static IReadOnlyList<Series> Line(string name, IEnumerable<ChartPoint>? points, bool filled = false, bool dots = false) =>
        points is null ? [] : [new Series(name, [.. points]) { Filled = filled, Dots = dots }];
}
