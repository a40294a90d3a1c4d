using Peregrine.Models;
using Peregrine.Models.Predictors;
using Peregrine.Training.LightGbm;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Fitting;

/// <summary>LightGBM's objective for a prediction, and its counterpart in the model.</summary>
internal static class Objective
{
    public static LightGbmParameters For(TreeRows rows, TargetValues target)
    {
        var parameters = new LightGbmParameters(rows.Parameters);
        return target.Prediction switch
        {
            PredictionKind.BinaryClassification => parameters.Set("objective", "binary").Set("metric", "binary_logloss"),
            PredictionKind.Multiclass => parameters.Set("objective", "multiclass").Set("metric", "multi_logloss").Set("num_class", target.Classes.Count),
            _ => parameters.Set("objective", "regression").Set("metric", "l2"),
        };
    }

    public static Link LinkOf(PredictionKind prediction) => prediction switch
    {
        PredictionKind.BinaryClassification => Link.Logistic,
        PredictionKind.Multiclass => Link.Softmax,
        _ => Link.Identity,
    };

    public static int Outputs(TargetValues target) => target.Prediction == PredictionKind.Multiclass ? target.Classes.Count : 1;
}
