using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Features;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Features;

/// <summary>Features for linear models: standardised numbers with the median for missing, categories as 0/1 columns, moments on their circles.</summary>
internal static class LinearFeatures
{
    private const int MostOneHot = 100;
    private const int LeastRows = 10;

    public static List<FeatureSpec> Fit(TrainingData data, TargetEncoder? encoder)
    {
        var features = new List<FeatureSpec>();
        foreach (var plan in data.Plan.Columns)
        {
            var column = data.Prepared.Find(plan.Name)!;
            switch (plan.Handling)
            {
                case ColumnHandling.Number:
                    AddNumber((NumberColumn)column, features);
                    break;
                case ColumnHandling.Category:
                    features.Add(Category((TextColumn)column, encoder));
                    break;
                case ColumnHandling.DateParts:
                    AddMoment((NumberColumn)column, features);
                    break;
            }
        }

        return features;
    }

    private static void AddNumber(NumberColumn column, List<FeatureSpec> features)
    {
        var (median, mean, deviation) = Figures(column.Values);
        if (deviation > 0) features.Add(new NumberFeature { Field = column.Name, Impute = median, Center = mean, Scale = deviation });
        if (column.Missing > 0) features.Add(new MissingFlagFeature { Field = column.Name });
    }

    private static FeatureSpec Category(TextColumn column, TargetEncoder? encoder)
    {
        var counts = new CategoryCounts(column);
        if (counts.Count > MostOneHot && encoder is not null) return encoder.Fit(column);
        var values = counts.Frequent(MostOneHot, LeastRows);
        return new OneHotFeature { Field = column.Name, Values = values, Other = values.Length < counts.Count, Missing = column.Missing > 0 };
    }

    private static void AddMoment(NumberColumn column, List<FeatureSpec> features)
    {
        foreach (var part in Moments.VaryingParts(column))
        {
            if (part != DatePart.Year) features.Add(new DateCycleFeature { Field = column.Name, Part = part });
            else
            {
                var years = Array.ConvertAll(column.Values.ToArray(), value => double.IsNaN(value) ? value : DateTime.UnixEpoch.AddSeconds(value).Year);
                var (median, mean, deviation) = Figures(years);
                if (deviation > 0) features.Add(new DatePartFeature { Field = column.Name, Part = part, Impute = median, Center = mean, Scale = deviation });
            }
        }

        if (column.Missing > 0) features.Add(new MissingFlagFeature { Field = column.Name });
    }

    private static (double Median, double Mean, double Deviation) Figures(ReadOnlySpan<double> values)
    {
        var present = new List<double>(values.Length);
        foreach (var value in values)
            if (!double.IsNaN(value)) present.Add(value);
        present.Sort();
        var median = present[present.Count / 2];
        double mean = 0, squares = 0;
        for (var at = 0; at < present.Count; at++)
        {
            var delta = present[at] - mean;
            mean += delta / (at + 1);
            squares += delta * (present[at] - mean);
        }

        return (median, mean, Math.Sqrt(squares / present.Count));
    }
}
