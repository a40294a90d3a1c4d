using Peregrine.Training.Linear;

namespace Peregrine.Training.Tests.Linear;

public sealed class LinearSolverTests
{
    [Fact]
    public void Evaluate_Gradient_EqualsDifferencesOfTheLoss()
    {
        var random = new Random(1);
        foreach (var classes in (int[])[2, 3])
        {
            var (rows, labels) = Problem(random, 200, classes);
            var loss = new SoftmaxLoss(rows, labels, classes, 1, 2, CancellationToken.None);
            double[] point = [.. Enumerable.Range(0, loss.Parameters).Select(_ => random.NextDouble() - 0.5)];
            var gradient = new double[loss.Parameters];
            var scratch = new double[loss.Parameters];
            loss.Evaluate(point, gradient);
            for (var at = 0; at < point.Length; at++)
            {
                var (up, down) = ((double[])point.Clone(), (double[])point.Clone());
                up[at] += 1e-6;
                down[at] -= 1e-6;
                gradient[at].ShouldBe((loss.Evaluate(up, scratch) - loss.Evaluate(down, scratch)) / 2e-6, 1e-6);
            }
        }
    }

    [Fact]
    public void Solve_Logistic_EndsWhereTheGradientVanishes()
    {
        var (rows, labels) = Problem(new Random(2), 500, 3);
        var loss = new SoftmaxLoss(rows, labels, 3, 1, 2, CancellationToken.None);

        var weights = LogisticSolver.Solve(loss, new double[loss.Parameters], CancellationToken.None);

        var gradient = new double[loss.Parameters];
        loss.Evaluate(weights, gradient);
        gradient.Max(Math.Abs).ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void Solve_LogisticOnOneBinaryColumn_FindsTheKnownOdds()
    {
        // 30 of 100 positive where x = 0, 80 of 100 where x = 1; without a penalty the intercept is ln(3/7) and the weight ln(4) - ln(3/7).
        var rows = new SparseRows(200, 1);
        var labels = new int[200];
        for (var row = 0; row < 200; row++)
        {
            rows.Set(row, [row < 100 ? 0 : 1]);
            labels[row] = row < 100 ? (row < 30 ? 1 : 0) : row < 180 ? 1 : 0;
        }

        var weights = LogisticSolver.Solve(new SoftmaxLoss(rows, labels, 2, 0, 1, CancellationToken.None), new double[2], CancellationToken.None);

        weights[1].ShouldBe(Math.Log(3 / 7.0), 1e-3);
        weights[0].ShouldBe(Math.Log(4) - Math.Log(3 / 7.0), 1e-3);
    }

    [Fact]
    public void Solve_Ridge_EqualsTheClosedFormOfOneColumn()
    {
        double[] x = [1, 2, 3, 4], y = [2, 4, 5, 9];
        var rows = new SparseRows(4, 1);
        for (var row = 0; row < 4; row++) rows.Set(row, [x[row]]);

        var weights = RidgeSolver.Solve(rows, y, 2, CancellationToken.None);

        var slope = x.Zip(y).Sum(pair => (pair.First - 2.5) * (pair.Second - 5)) / (x.Sum(value => (value - 2.5) * (value - 2.5)) + 2);
        weights[0].ShouldBe(slope, 1e-12);
        weights[1].ShouldBe(5 - slope * 2.5, 1e-12);
    }

    private static (SparseRows Rows, int[] Labels) Problem(Random random, int count, int classes)
    {
        var rows = new SparseRows(count, 4);
        var labels = new int[count];
        for (var row = 0; row < count; row++)
        {
            double[] x = [random.NextDouble() - 0.5, 0, random.Next(2), random.NextDouble() * 2];
            rows.Set(row, x);
            labels[row] = Math.Clamp((int)((x[0] + x[2] + random.NextDouble()) / 2 * classes), 0, classes - 1);
        }

        return (rows, labels);
    }
}
