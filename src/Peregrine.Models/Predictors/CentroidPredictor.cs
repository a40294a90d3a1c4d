using System.Numerics;
using System.Runtime.InteropServices;

namespace Peregrine.Models.Predictors;

/// <summary>
/// Euclidean distances to centroids. Several centroids are worked on side by side, and each sum runs over the features in their order: equal features give
/// equal bits, however wide the machine's vectors are.
/// </summary>
internal sealed class CentroidPredictor : Predictor
{
    private readonly double[] _centroids; // shape [width][clusters]
    private readonly int _width;

    public CentroidPredictor(CentroidPredictorSpec spec, int width)
    {
        Outputs = spec.Centroids.Count;
        _width = width;
        if (Outputs < 2) throw new ModelException($"A clustering model needs two centroids at least; it has {Outputs}.");
        if (spec.Centroids.Any(centroid => centroid.Count != width)) throw new ModelException($"The model's centroids do not fit {width} features.");
        if (spec.Centroids.Any(centroid => centroid.Any(value => !double.IsFinite(value)))) throw new ModelException("A centroid of the model holds a value that is no finite number.");
        if (spec.OutlierDistance is not (null or > 0 and < double.PositiveInfinity)) throw new ModelException("The model's outlier distance is not a finite number above 0.");
        _centroids = new double[width * Outputs];
        for (var feature = 0; feature < width; feature++)
            for (var cluster = 0; cluster < Outputs; cluster++) _centroids[feature * Outputs + cluster] = spec.Centroids[cluster][feature];
    }

    public override int Outputs { get; }

    public override int ScratchLength => 0;

    public override void Score(ReadOnlySpan<double> features, Span<double> scratch, Span<double> scores)
    {
        scores.Clear();
        for (var feature = 0; feature < _width; feature++) AddSquares(features[feature], _centroids.AsSpan(feature * Outputs, Outputs), scores);
        foreach (ref var score in scores) score = Math.Sqrt(score);
    }

    private static void AddSquares(double value, ReadOnlySpan<double> centres, Span<double> sums)
    {
        var spread = new Vector<double>(value);
        var wideCentres = MemoryMarshal.Cast<double, Vector<double>>(centres);
        var wideSums = MemoryMarshal.Cast<double, Vector<double>>(sums);
        for (var i = 0; i < wideCentres.Length; i++)
        {
            var difference = spread - wideCentres[i];
            wideSums[i] += difference * difference;
        }

        for (var i = wideCentres.Length * Vector<double>.Count; i < centres.Length; i++)
        {
            var difference = value - centres[i];
            sums[i] += difference * difference;
        }
    }
}
