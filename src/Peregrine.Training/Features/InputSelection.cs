using Peregrine.Models.Features;
using Peregrine.Models.Preparation;
using Peregrine.Records;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Features;

/// <summary>What of table and steps a model needs: only that is asked of callers.</summary>
internal sealed record InputSelection(IReadOnlyList<Field> Inputs, IReadOnlyList<PreparationStep> Steps)
{
    /// <summary>Walks the steps backwards from the features: a step stays when something needed is made or changed by it.</summary>
    public static InputSelection For(TrainingData data, IReadOnlyList<FeatureSpec> features)
    {
        var needed = features.Select(feature => feature.Field).ToHashSet(StringComparer.Ordinal);
        var kept = new List<PreparationStep>();
        foreach (var step in data.Plan.Steps.Reverse())
        {
            if (!step.WrittenFields().Any(needed.Contains)) continue;
            kept.Insert(0, step);
            needed.UnionWith(step.ReadFields());
        }

        return new([.. data.Table.Columns.Where(column => needed.Contains(column.Name)).Select(column => column.Field)], kept);
    }
}
