using System.Text;
using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Drift;
using Peregrine.Models.Features;
using Peregrine.Records;
using Peregrine.Training.Evaluation;
using Peregrine.Training.Features;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Reference;

/// <summary>Counts what training saw, for the API node to compare its traffic with.</summary>
internal static class ReferenceMaker
{
    private const double SecondsPerDay = 86_400;
    private const int MostOwnCells = 100;

    /// <returns>Null when there are more classes than a reference has room for.</returns>
    public static TrainingReference? Make(TrainingData data, ModelSpec spec, ScoredRows scored, IReadOnlyList<FieldImportance> importance)
    {
        if (spec.Classes.Count > FieldReference.MostValues) return null;
        var shares = InputImportance.Of(importance, spec.Steps);
        return new TrainingReference
        {
            Inputs = [.. spec.Inputs.Select(field => Input(data, spec, field) with { Importance = shares.GetValueOrDefault(field.Name) })],
            Predictions = Predictions(spec, scored),
        };
    }

    private static FieldReference Input(TrainingData data, ModelSpec spec, Field field)
    {
        var column = data.Table.Find(field.Name)!;
        if (column is TextColumn text) return IsCategory(spec, field.Name) ? Category(text, data.Train) : Text(text, data.Train);
        var values = ((NumberColumn)column).Values;
        var train = new double[data.Train.Length];
        for (var place = 0; place < train.Length; place++) train[place] = values[data.Train[place]];
        return Numbers(field.Name, KindOf(spec, field, train), train);
    }

    /// <summary>A text that features read is a category; one that is only looked up by is an id.</summary>
    private static bool IsCategory(ModelSpec spec, string field) =>
        spec.Features.Any(feature => feature.Field == field && feature is (CategoryFeature or OneHotFeature or ImpactFeature));

    /// <summary>
    /// A moment is compared by its part of the day: as a moment, all traffic is later than training. So is a day whose parts the model reads; any other
    /// day, such as one of birth, is a number.
    /// </summary>
    private static ReferenceKind KindOf(ModelSpec spec, Field field, double[] values)
    {
        var isCyclic = field.Kind switch
        {
            FieldKind.DateTime => true,
            FieldKind.Date => spec.Features.Any(feature => feature.Field == field.Name && feature is (DatePartFeature or DateCycleFeature)),
            _ => false,
        };
        if (!isCyclic) return ReferenceKind.Number;
        return Array.Exists(values, value => value % SecondsPerDay is not 0 and not double.NaN) ? ReferenceKind.HourOfDay : ReferenceKind.DayOfWeek;
    }

    private static FieldReference Numbers(string name, ReferenceKind kind, double[] values)
    {
        var empty = new FieldReference { Name = name, Kind = kind, Edges = kind == ReferenceKind.Number ? QuantileEdges.Of(values) : [], Counts = [] };
        var binner = new FieldBinner(empty);
        var counts = new long[binner.Cells];
        foreach (var value in values) counts[binner.CellOf(value)]++;
        return empty with { Counts = counts };
    }

    private static FieldReference Category(TextColumn column, int[] rows)
    {
        var byCode = CountCodes(column, rows, out var missing);
        int[] known = [.. Enumerable.Range(0, byCode.Length).Where(code => byCode[code] > 0)
            .OrderByDescending(code => byCode[code]).ThenBy(column.Dictionary.Text, StringComparer.Ordinal).Take(FieldReference.MostValues)];
        var reference = new FieldReference
        {
            Name = column.Name, Kind = ReferenceKind.Category, Values = [.. known.Select(column.Dictionary.Text)], OwnCells = Math.Min(known.Length, MostOwnCells), Counts = [],
        };
        var binner = new FieldBinner(reference);
        var counts = new long[binner.Cells];
        for (var code = 0; code < byCode.Length; code++)
            if (byCode[code] > 0) counts[binner.CellOf(column.Dictionary[code])] += byCode[code];
        counts[^1] = missing;
        return reference with { Counts = counts };
    }

    private static FieldReference Text(TextColumn column, int[] rows)
    {
        CountCodes(column, rows, out var missing);
        return new FieldReference { Name = column.Name, Kind = ReferenceKind.Text, Counts = [rows.Length - missing, missing] };
    }

    private static long[] CountCodes(TextColumn column, int[] rows, out long missing)
    {
        var counts = new long[column.Dictionary.Count];
        missing = 0;
        foreach (var row in rows)
        {
            var code = column.Codes[row];
            if (code < 0) missing++;
            else counts[code]++;
        }

        return counts;
    }

    private static FieldReference[] Predictions(ModelSpec spec, ScoredRows scored)
    {
        if (spec.Prediction == PredictionKind.Regression) return [Numbers("value", ReferenceKind.Number, scored.Values)];
        var classes = spec.Classes.Count;
        var isClustering = spec.Prediction == PredictionKind.Clustering;
        var scores = new double[scored.Predicted.Length];
        var predicted = new long[FieldReference.CellsOf(ReferenceKind.Category, 0, classes)];
        for (var row = 0; row < scores.Length; row++)
        {
            var one = scored.Predicted[row];
            scores[row] = one < 0 ? double.NaN : isClustering ? scored.Values[row] : scored.Probabilities[row * classes + (classes == 2 ? 1 : one)];
            predicted[one < 0 ? predicted.Length - 1 : one]++;
        }

        return
        [
            Numbers(isClustering ? "distance" : "probability", ReferenceKind.Number, scores),
            new FieldReference { Name = isClustering ? "cluster" : "class", Kind = ReferenceKind.Category, Values = spec.Classes, OwnCells = classes, Counts = predicted },
        ];
    }
}
