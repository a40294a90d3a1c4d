using Peregrine.Training.Evaluation;

namespace Peregrine.Training.Tests.Evaluation;

public sealed class EvaluatorTests
{
    [Fact]
    public void Multiclass_HandMadeRows_EqualsHandComputedFigures()
    {
        double[] probabilities = [.7, .2, .1, .3, .4, .3, .1, .1, .8, .6, .3, .1];
        var evaluation = MulticlassEvaluator.Evaluate(probabilities, [0, 1, 2, 0], [0, 1, 2, 1], ["a", "b", "c"]);

        evaluation.Accuracy.ShouldBe(0.75);
        evaluation.LogLoss.ShouldBe(-(Math.Log(.7) + Math.Log(.4) + Math.Log(.8) + Math.Log(.3)) / 4, 1e-12);
        evaluation.Confusion[1].ShouldBe([1, 1, 0]);
        evaluation.Classes[0].Precision.ShouldBe(0.5);
        evaluation.Classes[1].Recall.ShouldBe(0.5);
        evaluation.Classes[1].RocAuc.ShouldBe(1);
        evaluation.MeanRocAuc.ShouldBe(1); // each class's rows score above the rest
    }

    [Fact]
    public void Regression_HandMadeRows_EqualsHandComputedFigures()
    {
        var evaluation = RegressionEvaluator.Evaluate([2.5, 0, 2, 8], [3, -0.5, 2, 7]);

        evaluation.RSquared.ShouldBe(0.9486081370449679, 1e-12); // scikit-learn's documented example
        evaluation.MeanAbsoluteError.ShouldBe(0.5);
        evaluation.RootMeanSquaredError.ShouldBe(Math.Sqrt(0.375), 1e-12);
    }
}
