namespace Peregrine.Training.Metrics;

/// <summary>Figures of probabilities against what happened.</summary>
public static class ProbabilityMetrics
{
    private const double Smallest = 2.220446049250313e-16; // scikit-learn clips at the machine epsilon

    /// <summary>Mean of -ln of the probability given to what happened.</summary>
    public static double LogLoss(ReadOnlySpan<double> positive, ReadOnlySpan<bool> labels)
    {
        double sum = 0;
        for (var row = 0; row < positive.Length; row++)
        {
            var probability = Math.Clamp(positive[row], Smallest, 1 - Smallest);
            sum -= labels[row] ? Math.Log(probability) : Math.Log(1 - probability);
        }

        return sum / positive.Length;
    }

    /// <param name="probabilities">Shape [rows × classes], row by row.</param>
    /// <param name="labels">Class of each row.</param>
    public static double LogLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels)
    {
        var classes = probabilities.Length / labels.Length;
        double sum = 0;
        for (var row = 0; row < labels.Length; row++)
            sum -= Math.Log(Math.Clamp(probabilities[row * classes + labels[row]], Smallest, 1 - Smallest));
        return sum / labels.Length;
    }

    /// <summary>Mean squared error of the probability.</summary>
    public static double Brier(ReadOnlySpan<double> positive, ReadOnlySpan<bool> labels)
    {
        double sum = 0;
        for (var row = 0; row < positive.Length; row++)
        {
            var error = positive[row] - (labels[row] ? 1 : 0);
            sum += error * error;
        }

        return sum / positive.Length;
    }
}
