using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Features;

namespace Peregrine.Training.Features;

/// <summary>Turns categories of many values into the smoothed mean of the target (Micci-Barreca 2001, doi:10.1145/507533.507538).</summary>
/// <param name="target">The target of each prepared row: 0 or 1, or a number.</param>
internal sealed class TargetEncoder(double[] target)
{
    private const double Smoothing = 20; // rows of prior knowledge
    private const int Folds = 5;

    /// <summary>Encodings learnt from all rows, scaled to the spread of the column.</summary>
    public ImpactFeature Fit(TextColumn column)
    {
        var prior = target.Average();
        var (sums, counts) = Count(column, -1);
        var encodings = Enumerable.Range(0, sums.Length).Select(code => Encode(sums[code], counts[code], prior)).ToArray();
        var rows = Rows(column, encodings, prior);
        var mean = rows.Average();
        var deviation = Math.Sqrt(rows.Average(value => (value - mean) * (value - mean)));
        return new ImpactFeature
        {
            Field = column.Name,
            Values = [.. Enumerable.Range(0, encodings.Length).Select(column.Dictionary.Text)],
            Encodings = encodings,
            Other = prior,
            Missing = MissingEncoding(sums, counts, column, prior),
            Center = mean,
            Scale = deviation > 0 ? deviation : 1,
        };
    }

    /// <summary>
    /// The column's values for training: each row is encoded by the rows of the other folds, so that no row sees its own target.
    /// </summary>
    public double[] OutOfFold(TextColumn column, ImpactFeature feature)
    {
        var values = new double[target.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var (sums, counts) = Count(column, fold);
            double rowsOutside = 0, sumOutside = 0;
            for (var row = 0; row < target.Length; row++)
            {
                if (FoldOf(row) == fold) continue;
                rowsOutside++;
                sumOutside += target[row];
            }

            var prior = rowsOutside == 0 ? 0 : sumOutside / rowsOutside;
            for (var row = 0; row < target.Length; row++)
            {
                if (FoldOf(row) != fold) continue;
                var code = column.Codes[row];
                var encoding = code < 0 ? prior : Encode(sums[code], counts[code], prior);
                values[row] = (encoding - feature.Center) / feature.Scale;
            }
        }

        return values;
    }

    /// <summary>Spread over the rows by a fixed hash, so that neighbours in time fall into different folds.</summary>
    private static int FoldOf(int row) => (int)((uint)row * 2_654_435_761u >> 16) % Folds;

    private (double[] Sums, int[] Counts) Count(TextColumn column, int leftOutFold)
    {
        var sums = new double[column.Dictionary.Count];
        var counts = new int[sums.Length];
        for (var row = 0; row < target.Length; row++)
        {
            var code = column.Codes[row];
            if (code < 0 || FoldOf(row) == leftOutFold) continue;
            sums[code] += target[row];
            counts[code]++;
        }

        return (sums, counts);
    }

    private double MissingEncoding(double[] sums, int[] counts, TextColumn column, double prior) =>
        column.Missing == 0 ? prior : Encode(target.Sum() - sums.Sum(), target.Length - counts.Sum(), prior);

    private static double[] Rows(TextColumn column, double[] encodings, double missing)
    {
        var rows = new double[column.Rows];
        for (var row = 0; row < rows.Length; row++) rows[row] = column.Codes[row] < 0 ? missing : encodings[column.Codes[row]];
        return rows;
    }

    private static double Encode(double sum, int count, double prior) => (sum + Smoothing * prior) / (count + Smoothing);
}
