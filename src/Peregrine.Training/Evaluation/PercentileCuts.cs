namespace Peregrine.Training.Evaluation;

/// <summary>The 100 cuts by which a model tells how high a score is among the test rows.</summary>
internal static class PercentileCuts
{
    /// <summary>Cut i is the smallest score that at least i % of the rows do not pass.</summary>
    public static double[] Of(double[] scores)
    {
        double[] sorted = [.. scores.Order()];
        return [.. Enumerable.Range(1, 100).Select(percent => sorted[(int)Math.Ceiling(percent / 100.0 * sorted.Length) - 1])];
    }
}
