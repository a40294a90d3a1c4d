using Peregrine.Datasets.Tables;
using Peregrine.Models.Features;
using Peregrine.Records;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Features;

/// <summary>Features for trees: numbers as they are, categories as codes, parts of moments; missing values stay missing.</summary>
internal static class TreeFeatures
{
    private const int MostCategories = 1000;

    public static List<FeatureSpec> Fit(TrainingData data)
    {
        var features = new List<FeatureSpec>();
        foreach (var plan in data.Plan.Columns)
        {
            var column = data.Prepared.Find(plan.Name)!;
            switch (plan.Handling)
            {
                case ColumnHandling.Number:
                    features.Add(new NumberFeature { Field = plan.Name });
                    break;
                case ColumnHandling.Category:
                    features.Add(Category((TextColumn)column));
                    break;
                case ColumnHandling.DateParts:
                    foreach (var part in Moments.VaryingParts((NumberColumn)column)) features.Add(new DatePartFeature { Field = plan.Name, Part = part });
                    break;
            }
        }

        return features;
    }

    private static CategoryFeature Category(TextColumn column)
    {
        var counts = new CategoryCounts(column);
        var values = counts.Frequent(MostCategories, leastRows: 1);
        return new CategoryFeature
        {
            Field = column.Name, Values = values, OtherHasCode = values.Length < counts.Count, MissingHasCode = column.Missing > 0,
        };
    }
}
