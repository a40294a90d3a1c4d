using Peregrine.Training.Metrics;

namespace Peregrine.Training.Evaluation;

/// <summary>Figures of a model of several classes.</summary>
public static class MulticlassEvaluator
{
    /// <param name="probabilities">Shape [rows × classes], row by row.</param>
    /// <param name="predicted">Predicted class per row.</param>
    /// <param name="labels">True class per row.</param>
    /// <param name="classes">Labels as people see them.</param>
    public static MulticlassEvaluation Evaluate(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<int> predicted, ReadOnlySpan<int> labels, IReadOnlyList<string> classes)
    {
        var confusion = new int[classes.Count][];
        for (var c = 0; c < confusion.Length; c++) confusion[c] = new int[classes.Count];
        for (var row = 0; row < labels.Length; row++) confusion[labels[row]][predicted[row]]++;
        var figures = new ClassFigures[classes.Count];
        for (var c = 0; c < figures.Length; c++) figures[c] = OfClass(c, classes[c], probabilities, labels, confusion);
        return new MulticlassEvaluation
        {
            LogLoss = ProbabilityMetrics.LogLoss(probabilities, labels),
            Accuracy = (double)confusion.Select((row, c) => row[c]).Sum() / labels.Length,
            MeanRocAuc = figures.Select(figure => figure.RocAuc).Average() ?? double.NaN,
            Classes = figures,
            Confusion = confusion,
        };
    }

    private static ClassFigures OfClass(int c, string label, ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, int[][] confusion)
    {
        var classes = confusion.Length;
        var scores = new double[labels.Length];
        var positive = new bool[labels.Length];
        for (var row = 0; row < labels.Length; row++)
        {
            scores[row] = probabilities[row * classes + c];
            positive[row] = labels[row] == c;
        }

        var auc = new RankedScores(scores, positive).RocAuc();
        var rows = confusion[c].Sum();
        var hits = confusion[c][c];
        var claimed = confusion.Sum(line => line[c]);
        return new(
            label, rows, claimed == 0 ? 0 : (double)hits / claimed, rows == 0 ? 0 : (double)hits / rows,
            hits == 0 ? 0 : 2.0 * hits / (claimed + rows), double.IsNaN(auc) ? null : auc);
    }
}
