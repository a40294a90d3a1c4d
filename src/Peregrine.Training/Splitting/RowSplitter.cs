using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Records;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Splitting;

/// <summary>Parts rows in two.</summary>
internal static class RowSplitter
{
    /// <summary>Rows to train on and rows to test on, both ascending.</summary>
    public static (int[] Train, int[] Test) Split(Table table, TargetValues target, SplitSpec split)
    {
        if (!(split.TrainShare is >= 0.05 and <= 0.95))
            throw new TrainingException(TrainingErrorCode.BadRequest, $"The training share {split.TrainShare} is not between 0.05 and 0.95.", "Take 0.8 for four rows of five.");
        return split switch
        {
            RandomSplit random => Random(target, target.Rows, split.TrainShare, random.Seed),
            TimeSplit time => ByTime(TimeColumn(table, target, time), target.Rows, split.TrainShare),
            _ => throw new TrainingException(TrainingErrorCode.BadRequest, $"The split {split.GetType().Name} is not known.", "Split at random or by time."),
        };
    }

    /// <summary>Sets the last part of the training rows aside, as the split itself parts training and test rows.</summary>
    public static (int[] Fit, int[] Validation) Inner(Table table, TargetValues target, SplitSpec split, int[] train, double fitShare, int seed) => split switch
    {
        TimeSplit time => ByTime((NumberColumn)table.Find(time.Column)!, train, fitShare),
        _ => Random(target, train, fitShare, seed),
    };

    private static (int[] Train, int[] Test) Random(TargetValues target, int[] rows, double share, int seed)
    {
        var train = new List<int>(rows.Length);
        var test = new List<int>();
        var random = new Random(seed);
        var groups = target.Prediction == PredictionKind.Regression
            ? [(int[])rows.Clone()]
            : rows.GroupBy(target.ClassOf).OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        foreach (var group in groups)
        {
            random.Shuffle(group.AsSpan());
            var first = Math.Clamp((int)Math.Round(group.Length * share), Math.Min(1, group.Length), group.Length);
            train.AddRange(group.AsSpan(0, first));
            test.AddRange(group.AsSpan(first));
        }

        return ([.. train.Order()], [.. test.Order()]);
    }

    /// <summary>Cuts between two moments, so that no moment stands on both sides.</summary>
    private static (int[] Train, int[] Test) ByTime(NumberColumn time, int[] rows, double share)
    {
        int[] ordered = [.. rows.OrderBy(row => time[row])];
        var cut = Math.Clamp((int)Math.Round(ordered.Length * share), 1, ordered.Length);
        while (cut < ordered.Length && time[ordered[cut]].Equals(time[ordered[cut - 1]])) cut++;
        if (cut == ordered.Length)
        {
            cut = Math.Clamp((int)Math.Round(ordered.Length * share), 1, ordered.Length - 1);
            while (cut > 0 && time[ordered[cut]].Equals(time[ordered[cut - 1]])) cut--;
        }

        return ([.. ordered[..cut].Order()], [.. ordered[cut..].Order()]);
    }

    private static NumberColumn TimeColumn(Table table, TargetValues target, TimeSplit split)
    {
        var column = table.Find(split.Column) ?? throw Names.Unknown("The time column", split.Column, table.Columns.Select(c => c.Name));
        if (column.Name == target.Name)
            throw new TrainingException(TrainingErrorCode.TimeColumnUnusable, $"The time column '{column.Name}' is the target.", "Split by another column.", column.Name);
        if (column is not NumberColumn numbers || column.Kind == FieldKind.Boolean)
            throw new TrainingException(
                TrainingErrorCode.TimeColumnUnusable, $"The time column '{column.Name}' is {column.Kind}, not a date or moment.",
                "Split by a column of dates such as 2024-01-31 or 2024-01-31 12:30:00, or at random.", column.Name);
        var missing = Array.FindIndex(target.Rows, column.IsMissing);
        if (missing >= 0)
            throw new TrainingException(
                TrainingErrorCode.TimeColumnUnusable, $"The time column '{column.Name}' has no value in {column.Missing:N0} rows; the first is row {target.Rows[missing] + 2}.",
                "Fill the values in, or split at random.", column.Name, target.Rows[missing] + 2);
        return numbers;
    }
}
