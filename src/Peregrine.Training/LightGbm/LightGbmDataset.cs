using System.Globalization;

namespace Peregrine.Training.LightGbm;

/// <summary>Rows in LightGBM's binned form. Holds native memory: dispose it.</summary>
internal sealed unsafe class LightGbmDataset : IDisposable
{
    private nint _handle;

    private LightGbmDataset(nint handle, int rows)
    {
        _handle = handle;
        Rows = rows;
    }

    public int Rows { get; }

    public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(LightGbmDataset));

    /// <summary>Bins a dense matrix.</summary>
    /// <param name="matrix">Shape [rows × columns], row by row; NaN is missing. Not kept.</param>
    /// <param name="categories">Columns that hold codes of categories.</param>
    public static LightGbmDataset Create(double[] matrix, int rows, int columns, IReadOnlyList<int> categories, LightGbmParameters parameters)
    {
        LightGbmLibrary.Require();
        var settings = parameters.ToString();
        if (categories.Count > 0)
            settings += " categorical_feature=" + string.Join(',', categories.Select(column => column.ToString(CultureInfo.InvariantCulture)));
        fixed (double* data = matrix)
        {
            LightGbmLibrary.Check(LightGbmNative.DatasetCreateFromMat(data, LightGbmNative.Float64, rows, columns, 1, settings, 0, out var handle));
            return new(handle, rows);
        }
    }

    /// <summary>Some of the rows, with the same bins.</summary>
    public LightGbmDataset Subset(int[] rows, LightGbmParameters parameters)
    {
        fixed (int* indices = rows)
        {
            LightGbmLibrary.Check(LightGbmNative.DatasetGetSubset(Handle, indices, rows.Length, parameters.ToString(), out var handle));
            return new(handle, rows.Length);
        }
    }

    public void SetLabels(ReadOnlySpan<float> labels)
    {
        fixed (float* values = labels) LightGbmLibrary.Check(LightGbmNative.DatasetSetField(Handle, "label", values, labels.Length, LightGbmNative.Float32));
    }

    public void Dispose()
    {
        if (_handle != 0) _ = LightGbmNative.DatasetFree(_handle);
        _handle = 0;
    }
}
