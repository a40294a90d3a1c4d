namespace Peregrine.Training.Linear;

/// <summary>Rows of mostly zeros (compressed sparse rows), each with a 1 in a last column for the intercept.</summary>
internal sealed class SparseRows
{
    private readonly int[][] _columns;
    private readonly double[][] _values;

    /// <param name="rows">Rows that will be set.</param>
    /// <param name="width">Columns without the intercept.</param>
    public SparseRows(int rows, int width)
    {
        _columns = new int[rows][];
        _values = new double[rows][];
        Width = width;
    }

    private SparseRows(int[][] columns, double[][] values, int width)
    {
        _columns = columns;
        _values = values;
        Width = width;
    }

    public int Count => _columns.Length;

    /// <summary>Columns without the intercept.</summary>
    public int Width { get; }

    public ReadOnlySpan<int> Columns(int row) => _columns[row];

    public ReadOnlySpan<double> Values(int row) => _values[row];

    public void Set(int row, ReadOnlySpan<double> dense)
    {
        var count = 1;
        foreach (var value in dense)
            if (value != 0) count++;
        var columns = new int[count];
        var values = new double[count];
        var at = 0;
        for (var column = 0; column < dense.Length; column++)
        {
            if (dense[column] == 0) continue;
            columns[at] = column;
            values[at++] = dense[column];
        }

        columns[at] = Width;
        values[at] = 1;
        _columns[row] = columns;
        _values[row] = values;
    }

    public SparseRows Subset(int[] rows) => new(Array.ConvertAll(rows, row => _columns[row]), Array.ConvertAll(rows, row => _values[row]), Width);

    /// <summary>Weights · row; weights hold the intercept last.</summary>
    public double Dot(int row, ReadOnlySpan<double> weights)
    {
        var columns = _columns[row];
        var values = _values[row];
        double sum = 0;
        for (var at = 0; at < columns.Length; at++) sum += values[at] * weights[columns[at]];
        return sum;
    }

    public void AddTo(int row, double factor, Span<double> sums)
    {
        var columns = _columns[row];
        var values = _values[row];
        for (var at = 0; at < columns.Length; at++) sums[columns[at]] += factor * values[at];
    }
}
