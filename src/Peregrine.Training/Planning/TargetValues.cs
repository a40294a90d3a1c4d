using Peregrine.Models;

namespace Peregrine.Training.Planning;

/// <summary>The target of every row that has one.</summary>
internal sealed record TargetValues
{
    public required string Name { get; init; }

    public required PredictionKind Prediction { get; init; }

    /// <summary>Class labels in the model's order; regression and clustering: empty.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Rows of the table without a target.</summary>
    public int Missing => Values.Count(double.IsNaN);

    /// <summary>Rows of the table with a target that can be learnt from, ascending.</summary>
    public required int[] Rows { get; init; }

    /// <summary>By row of the table: the class index, or the number; NaN without a target.</summary>
    public required double[] Values { get; init; }

    public int ClassOf(int row) => (int)Values[row];
}
