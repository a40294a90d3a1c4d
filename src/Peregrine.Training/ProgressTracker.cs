namespace Peregrine.Training;

/// <summary>Turns the progress of single fits into that of the whole training.</summary>
internal sealed class ProgressTracker(IReadOnlyList<TrainingAlgorithm> algorithms, IProgress<TrainingProgress>? progress)
{
    private const double Preparing = 0.05;
    private const double FitShare = 0.95;

    private readonly double _total = algorithms.Sum(Weight);
    private double _done;
    private double _last = Preparing;
    private TrainingAlgorithm _current;

    public void Begin(TrainingAlgorithm algorithm)
    {
        _current = algorithm;
        Report(0, "Training", null);
    }

    /// <summary>Share of the fit of the current algorithm, and its trees.</summary>
    public void Fitting(double share, int? trees) => Report(FitShare * share, "Training", trees);

    public void Evaluating() => Report(FitShare, "Evaluating", null);

    public void End() => _done += Weight(_current);

    private void Report(double share, string phase, int? trees)
    {
        if (progress is null) return;
        var fraction = Preparing + (0.99 - Preparing) * (_done + share * Weight(_current)) / _total;
        _last = Math.Max(_last, fraction);
        progress.Report(new TrainingProgress(_last, phase, _current, trees));
    }

    /// <summary>Rough cost relative to each other.</summary>
    private static double Weight(TrainingAlgorithm algorithm) => algorithm == TrainingAlgorithm.LinearModel ? 1 : 2;
}
