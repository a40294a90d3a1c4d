using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Training.Planning;

/// <summary>Finds out what the target is and reads it.</summary>
internal static class TargetReader
{
    private const int MostClasses = 100;
    private const int MostGuessedClasses = 20;
    private static readonly string[] s_positiveWords = ["1", "true", "yes", "y", "t", "positive", "fraud", "churn", "default"];

    public static TargetValues Read(TrainingRequest request)
    {
        var table = request.Table;
        if (request.Prediction == PredictionKind.Clustering) return None(request);
        var column = table.Find(request.Target) ?? throw Names.Unknown("The target", request.Target, table.Columns.Select(c => c.Name));
        var rows = RowsWithValue(column, request);
        var (labels, codes) = Labels(column, rows);
        var prediction = request.Prediction ?? Guess(column, labels);
        if (prediction == PredictionKind.Regression) return Regression(column, rows, labels.Count);
        Check(column, prediction, labels.Count);
        var order = prediction == PredictionKind.BinaryClassification
            ? BinaryOrder(column, labels, codes, request.PositiveClass)
            : [.. Enumerable.Range(0, labels.Count).OrderBy(code => labels[code].Number).ThenBy(code => labels[code].Text, StringComparer.Ordinal)];
        var place = new int[order.Length];
        for (var at = 0; at < order.Length; at++) place[order[at]] = at;
        var values = new double[table.Rows];
        values.AsSpan().Fill(double.NaN);
        for (var at = 0; at < rows.Length; at++) values[rows[at]] = place[codes[at]];
        return new TargetValues
        {
            Name = column.Name, Prediction = prediction, Classes = [.. order.Select(code => labels[code].Text)], Rows = rows, Values = values,
        };
    }

    /// <summary>Clustering predicts no column: every row counts.</summary>
    private static TargetValues None(TrainingRequest request) => request.Target.Length == 0
        ? new TargetValues { Name = "", Prediction = PredictionKind.Clustering, Classes = [], Rows = [.. Enumerable.Range(0, request.Table.Rows)], Values = [] }
        : throw new TrainingException(TrainingErrorCode.BadRequest, $"Clustering has no target; '{request.Target}' is given as one.", "Leave the target out.", request.Target);

    private static int[] RowsWithValue(TableColumn column, TrainingRequest request)
    {
        if (column.IsAllMissing)
            throw new TrainingException(TrainingErrorCode.TargetMissing, $"The target '{column.Name}' is empty in every row.", "Choose a column with values.", column.Name);
        int[] rows = [.. Enumerable.Range(0, column.Rows).Where(row => !column.IsMissing(row))];
        if (column.Missing == 0 || request.DropRowsWithoutTarget) return rows;
        var first = Enumerable.Range(0, column.Rows).First(column.IsMissing) + 2;
        throw new TrainingException(
            TrainingErrorCode.TargetMissing,
            $"The target '{column.Name}' has no value in {column.Missing:N0} of {column.Rows:N0} rows; the first is row {first}.",
            "Fill the values in, or ask to drop the rows without a target.", column.Name, first);
    }

    private static (List<Label> Labels, int[] Codes) Labels(TableColumn column, int[] rows)
    {
        var labels = new List<Label>();
        var codes = new int[rows.Length];
        if (column is TextColumn text)
        {
            var known = new Dictionary<int, int>();
            for (var at = 0; at < rows.Length; at++)
            {
                var code = text.Codes[rows[at]];
                if (!known.TryGetValue(code, out codes[at]))
                {
                    known[code] = codes[at] = labels.Count;
                    labels.Add(new(text.Dictionary.Text(code), 0));
                }
            }

            return (labels, codes);
        }

        var numbers = (NumberColumn)column;
        var seen = new Dictionary<double, int>();
        for (var at = 0; at < rows.Length; at++)
        {
            var value = numbers[rows[at]] + 0.0; // -0 is 0
            if (!seen.TryGetValue(value, out codes[at]))
            {
                seen[value] = codes[at] = labels.Count;
                labels.Add(new(NumberColumn.Format(numbers.Kind, value), value));
            }
        }

        return (labels, codes);
    }

    private static PredictionKind Guess(TableColumn column, List<Label> labels)
    {
        if (labels.Count <= 2) return PredictionKind.BinaryClassification;
        return column.Kind switch
        {
            FieldKind.Text => PredictionKind.Multiclass,
            FieldKind.Integer when labels.Count <= MostGuessedClasses && labels.Count * 20 <= column.Rows => PredictionKind.Multiclass,
            _ => PredictionKind.Regression,
        };
    }

    private static TargetValues Regression(TableColumn column, int[] rows, int distinct)
    {
        if (column is not NumberColumn numbers || column.Kind is FieldKind.Date or FieldKind.DateTime)
            throw new TrainingException(
                TrainingErrorCode.TargetUnusable, $"The target '{column.Name}' is {column.Kind}, not a number to predict.", "Choose a column of numbers, or classify.", column.Name);
        if (distinct < 2) throw OneValue(column);
        return new TargetValues { Name = column.Name, Prediction = PredictionKind.Regression, Classes = [], Rows = rows, Values = numbers.Values.ToArray() };
    }

    private static void Check(TableColumn column, PredictionKind prediction, int classes)
    {
        if (classes < 2) throw OneValue(column);
        if (prediction == PredictionKind.BinaryClassification && classes != 2)
            throw new TrainingException(
                TrainingErrorCode.TargetUnusable, $"The target '{column.Name}' has {classes:N0} different values; a binary classification needs two.",
                "Choose another target, or predict several classes.", column.Name);
        if (classes > MostClasses)
            throw new TrainingException(
                TrainingErrorCode.TargetUnusable, $"The target '{column.Name}' has {classes:N0} different values; at most {MostClasses} classes can be learnt.",
                column.Kind == FieldKind.Text ? "Choose another target, or join rare values." : "Predict it as a number.", column.Name);
        if (column.Kind is FieldKind.Date or FieldKind.DateTime)
            throw new TrainingException(TrainingErrorCode.TargetUnusable, $"The target '{column.Name}' is a {column.Kind}.", "Choose a category or a number.", column.Name);
    }

    private static TrainingException OneValue(TableColumn column) => new(
        TrainingErrorCode.TargetUnusable, $"The target '{column.Name}' has one value only, '{column.Text(Enumerable.Range(0, column.Rows).First(row => !column.IsMissing(row)))}': there is nothing to learn.",
        "Choose a target with at least two values.", column.Name);

    /// <summary>[negative, positive].</summary>
    private static int[] BinaryOrder(TableColumn column, List<Label> labels, int[] codes, string? wanted)
    {
        if (wanted is not null)
        {
            var positive = labels.FindIndex(label => label.Text == wanted);
            if (positive < 0)
                throw new TrainingException(
                    TrainingErrorCode.BadRequest, $"The positive class '{wanted}' is no value of the target '{column.Name}'.",
                    $"Its values are '{labels[0].Text}' and '{labels[1].Text}'.", column.Name);
            return [1 - positive, positive];
        }

        if (column.Kind != FieldKind.Text) return labels[0].Number < labels[1].Number ? [0, 1] : [1, 0];
        bool IsPositive(int code) => s_positiveWords.Contains(labels[code].Text.ToLowerInvariant());
        if (IsPositive(0) != IsPositive(1)) return IsPositive(1) ? [0, 1] : [1, 0];
        var ones = codes.Count(code => code == 1);
        var rarer = ones * 2 != codes.Length ? (ones * 2 < codes.Length ? 1 : 0) : string.CompareOrdinal(labels[0].Text, labels[1].Text) < 0 ? 1 : 0;
        return [1 - rarer, rarer];
    }

    private readonly record struct Label(string Text, double Number);
}
