using System.Text;

namespace Peregrine.Training.LightGbm;

/// <summary>A LightGBM model while it grows. Holds native memory: dispose it before its datasets.</summary>
internal sealed unsafe class LightGbmBooster : IDisposable
{
    private nint _handle;

    public LightGbmBooster(LightGbmDataset training, LightGbmParameters parameters, LightGbmDataset? validation = null)
    {
        LightGbmLibrary.Require();
        LightGbmLibrary.Check(LightGbmNative.BoosterCreate(training.Handle, parameters.ToString(), out _handle));
        if (validation is not null) LightGbmLibrary.Check(LightGbmNative.BoosterAddValidData(Handle, validation.Handle));
    }

    private LightGbmBooster(nint handle) => _handle = handle;

    private nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(LightGbmBooster));

    /// <summary>Reads a text model, to score with LightGBM itself.</summary>
    public static LightGbmBooster Load(string model)
    {
        LightGbmLibrary.Require();
        LightGbmLibrary.Check(LightGbmNative.BoosterLoadModelFromString(model, out _, out var handle));
        return new(handle);
    }

    /// <summary>Grows one tree per score; false when no split gains any more.</summary>
    public bool Grow()
    {
        LightGbmLibrary.Check(LightGbmNative.BoosterUpdateOneIter(Handle, out var finished));
        return finished == 0;
    }

    /// <summary>The first metric on the validation rows.</summary>
    public double Evaluate()
    {
        LightGbmLibrary.Check(LightGbmNative.BoosterGetEvalCounts(Handle, out var count));
        var results = new double[Math.Max(1, count)];
        fixed (double* values = results) LightGbmLibrary.Check(LightGbmNative.BoosterGetEval(Handle, 1, out _, values));
        return results[0];
    }

    /// <summary>The text model of the first iterations; 0 takes all.</summary>
    public string Save(int iterations = 0)
    {
        var buffer = new byte[1 << 20];
        while (true)
        {
            long length;
            fixed (byte* bytes = buffer)
                LightGbmLibrary.Check(LightGbmNative.BoosterSaveModelToString(Handle, 0, iterations, 0, buffer.Length, out length, bytes));
            if (length <= buffer.Length) return Encoding.UTF8.GetString(buffer, 0, (int)length - 1);
            buffer = new byte[length];
        }
    }

    /// <summary>Total gain of the splits on each column; 0 iterations take all.</summary>
    public double[] Gains(int columns, int iterations = 0)
    {
        var gains = new double[columns];
        fixed (double* values = gains) LightGbmLibrary.Check(LightGbmNative.BoosterFeatureImportance(Handle, iterations, 1, values));
        return gains;
    }

    /// <summary>Raw scores by LightGBM's own walk, shape [rows × outputs].</summary>
    public double[] Predict(double[] matrix, int rows, int columns, int outputs, int threads) =>
        Predict(matrix, rows, columns, LightGbmNative.PredictRawScore, outputs, threads);

    /// <summary>LightGBM's own Shapley values (<c>predict_contrib</c>), shape [rows × outputs × (columns + 1)]: the last one of each is the expected score.</summary>
    public double[] Contributions(double[] matrix, int rows, int columns, int outputs, int threads) =>
        Predict(matrix, rows, columns, LightGbmNative.PredictContrib, outputs * (columns + 1), threads);

    private double[] Predict(double[] matrix, int rows, int columns, int type, int values, int threads)
    {
        var results = new double[rows * values];
        fixed (double* data = matrix)
        fixed (double* target = results)
            LightGbmLibrary.Check(LightGbmNative.BoosterPredictForMat(
                Handle, data, LightGbmNative.Float64, rows, columns, 1, type, 0, -1, $"num_threads={threads}", out _, target));
        return results;
    }

    public void Dispose()
    {
        if (_handle != 0) _ = LightGbmNative.BoosterFree(_handle);
        _handle = 0;
    }
}
