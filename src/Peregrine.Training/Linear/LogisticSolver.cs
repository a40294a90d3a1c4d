using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Peregrine.Training.Linear;

/// <summary>Minimises <see cref="SoftmaxLoss"/> with L-BFGS (Nocedal and Wright, Numerical Optimization, 2006, 7.2).</summary>
internal static class LogisticSolver
{
    private const int MostIterations = 150;
    private const int Memory = 10;
    private const double GradientTolerance = 1e-6;
    private const double ProgressTolerance = 1e-7;

    /// <summary>The weights of the smallest loss met; the problem is convex, so a search that stalls has nothing left to win.</summary>
    /// <param name="start">Where to begin; not changed.</param>
    public static double[] Solve(SoftmaxLoss loss, double[] start, CancellationToken cancellationToken)
    {
        var best = start;
        var smallest = double.PositiveInfinity;
        (double, Vector<double>) Evaluate(Vector<double> point)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var weights = point.ToArray();
            var gradient = new double[weights.Length];
            var value = loss.Evaluate(weights, gradient);
            if (value < smallest)
            {
                smallest = value;
                best = weights;
            }

            return (value, Vector<double>.Build.Dense(gradient));
        }

        try
        {
            new LimitedMemoryBfgsMinimizer(GradientTolerance, 1e-10, ProgressTolerance, Memory, MostIterations)
                .FindMinimum(ObjectiveFunction.Gradient(Evaluate), Vector<double>.Build.Dense(start.ToArray()));
        }
        catch (OptimizationException) when (double.IsFinite(smallest))
        {
            // The step search ended in rounding noise, or the iterations are used up: the best point stands.
        }

        return best;
    }
}
