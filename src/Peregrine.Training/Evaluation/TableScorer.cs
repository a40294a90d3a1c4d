using Peregrine.Datasets.Tables;
using Peregrine.Models;

namespace Peregrine.Training.Evaluation;

/// <summary>Scores rows of a table with a compiled model, as the API node would.</summary>
public static class TableScorer
{
    private const int BlockRows = 1024;

    /// <summary>Scores rows on several threads; results stand in the order of <paramref name="rows"/>.</summary>
    public static ScoredRows Score(CompiledModel model, Table table, IReadOnlyList<int> rows, int threads, CancellationToken cancellationToken = default)
    {
        var filler = table.Bind(model.Inputs);
        var classes = model.Spec.Prediction == PredictionKind.Clustering ? 0 : model.Spec.Classes.Count;
        var scored = new ScoredRows(classes, new double[(long)rows.Count * classes], new double[rows.Count], new int[rows.Count]);
        var blocks = (rows.Count + BlockRows - 1) / BlockRows;
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, block =>
        {
            var context = model.Rent();
            var end = Math.Min(rows.Count, (block + 1) * BlockRows);
            for (var at = block * BlockRows; at < end; at++)
            {
                filler.Fill(rows[at], context.Record);
                model.Score(context);
                context.Probabilities.CopyTo(scored.Probabilities.AsSpan(at * classes, classes));
                scored.Values[at] = context.Value;
                scored.Predicted[at] = context.PredictedClass;
            }

            model.Return(context);
        });
        return scored;
    }
}

/// <summary>Scores of rows, in their order.</summary>
/// <param name="Probabilities">Shape [rows × classes]; empty for regression and clustering.</param>
/// <param name="Values">Shape [rows], regression; clustering: the distance to the nearest centroid.</param>
/// <param name="Predicted">Class index per row, classification and clustering; -1: not scored.</param>
public sealed record ScoredRows(int Classes, double[] Probabilities, double[] Values, int[] Predicted)
{
    /// <summary>Binary: P(positive) per row.</summary>
    public double[] Positive() => [.. Enumerable.Range(0, Predicted.Length).Select(row => Probabilities[row * Classes + 1])];
}
