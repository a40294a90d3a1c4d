using MathNet.Numerics.LinearAlgebra;

namespace Peregrine.Training.Linear;

/// <summary>Least squares with an L2 penalty on all weights but the intercept, by the normal equations.</summary>
internal static class RidgeSolver
{
    /// <summary>Weights with the intercept last.</summary>
    public static double[] Solve(SparseRows rows, double[] target, double penalty, CancellationToken cancellationToken)
    {
        var size = rows.Width + 1;
        var gram = new double[size * size];
        var moments = new double[size];
        for (var row = 0; row < rows.Count; row++)
        {
            if ((row & 0xFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            var columns = rows.Columns(row);
            var values = rows.Values(row);
            for (var i = 0; i < columns.Length; i++)
            {
                var line = gram.AsSpan(columns[i] * size, size);
                for (var j = 0; j <= i; j++) line[columns[j]] += values[i] * values[j];
            }

            rows.AddTo(row, target[row], moments);
        }

        var matrix = Matrix<double>.Build.Dense(size, size, (i, j) => gram[Math.Max(i, j) * size + Math.Min(i, j)]);
        for (var i = 0; i < size - 1; i++) matrix[i, i] += penalty;
        return matrix.Cholesky().Solve(Vector<double>.Build.Dense(moments)).ToArray();
    }
}
