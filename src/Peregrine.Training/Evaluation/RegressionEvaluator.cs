namespace Peregrine.Training.Evaluation;

/// <summary>Figures of a model of a number.</summary>
public static class RegressionEvaluator
{
    private const int SampledRows = 500;

    /// <remarks>R² is 0 for a target that does not vary, unless it is met exactly.</remarks>
    public static RegressionEvaluation Evaluate(ReadOnlySpan<double> predicted, ReadOnlySpan<double> observed)
    {
        double mean = 0, squares = 0, absolute = 0, spread = 0;
        foreach (var value in observed) mean += value / observed.Length;
        for (var row = 0; row < observed.Length; row++)
        {
            var error = predicted[row] - observed[row];
            squares += error * error;
            absolute += Math.Abs(error);
            spread += (observed[row] - mean) * (observed[row] - mean);
        }

        var sample = new List<ObservedPredicted>();
        var stride = Math.Max(1, (observed.Length + SampledRows - 1) / SampledRows);
        for (var row = 0; row < observed.Length; row += stride) sample.Add(new(observed[row], predicted[row]));
        return new RegressionEvaluation
        {
            RSquared = squares == 0 ? 1 : spread == 0 ? 0 : 1 - squares / spread,
            RootMeanSquaredError = Math.Sqrt(squares / observed.Length),
            MeanAbsoluteError = absolute / observed.Length,
            Sample = sample,
        };
    }
}
