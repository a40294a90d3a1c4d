using Peregrine.Models;
using Peregrine.Training.Metrics;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Fitting;

/// <summary>Chooses the threshold of a binary model on the validation rows.</summary>
internal static class ThresholdChoice
{
    /// <param name="scores">Raw scores of the validation rows.</param>
    public static double FromScores(double[] scores, TrainingData data) =>
        FromProbabilities(Array.ConvertAll(scores, score => 1 / (1 + Math.Exp(-score))), data);

    /// <param name="positive">P(positive) of the validation rows.</param>
    public static double FromProbabilities(double[] positive, TrainingData data)
    {
        if (data.Target.Prediction != PredictionKind.BinaryClassification) return 0.5;
        var labels = Array.ConvertAll(data.Validation, place => data.Target.ClassOf(data.Train[place]) == 1);
        return new RankedScores(positive, labels).BestF1Threshold();
    }
}
