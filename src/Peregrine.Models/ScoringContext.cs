using Peregrine.Records;

namespace Peregrine.Models;

/// <summary>The working memory and result of scoring one record. Rented from its <see cref="CompiledModel"/>; belongs to one row at a time.</summary>
public sealed class ScoringContext
{
    private double[] _influences = [];
    private double[] _rankKeys = [];
    private int[] _ranks = [];

    internal ScoringContext(CompiledModel model, int slots, int width, int scratch, int scores, int classes)
    {
        Model = model;
        Record = new TypedRecord(slots);
        FeatureValues = new double[width];
        Scratch = new double[scratch];
        RawScores = new double[scores];
        ClassProbabilities = new double[classes];
    }

    internal CompiledModel Model { get; }

    internal double[] FeatureValues { get; }

    internal double[] Scratch { get; }

    internal double[] RawScores { get; }

    internal double[] ClassProbabilities { get; }

    /// <summary>The record to fill: the model's inputs stand in the first slots. Clear it before each row.</summary>
    public TypedRecord Record { get; }

    /// <summary>The predictor's input of the last row, shape [model width]; NaN means missing.</summary>
    public ReadOnlySpan<double> Features => FeatureValues;

    /// <summary>Raw scores of the last row, before the link; clustering: the distance to each centroid.</summary>
    public ReadOnlySpan<double> Scores => RawScores;

    /// <summary>Class probabilities, shape [classes], each in [0, 1], sum 1 ± 1e-12; empty for regression and clustering.</summary>
    public ReadOnlySpan<double> Probabilities => ClassProbabilities;

    /// <summary>What <see cref="Explanations.Explainer"/> found for the last row that it explained, shape [its fields].</summary>
    public ReadOnlySpan<double> Influences => _influences;

    /// <summary>Classification and clustering: the index of the predicted class; regression: -1.</summary>
    public int PredictedClass { get; internal set; }

    /// <summary>Regression: the predicted value; clustering: the distance to the nearest centroid, finite.</summary>
    public double Value { get; internal set; }

    /// <summary>Binary with known cuts: the percentile of P(positive), 0 to 100; otherwise -1.</summary>
    public int Percentile { get; internal set; }

    /// <summary>Why the row was not scored, or null. Nothing else of the result counts then.</summary>
    public string? IgnoreReason { get; internal set; }

    /// <summary>The places of the influences, the largest by absolute value first; what is not a number comes last.</summary>
    public ReadOnlySpan<int> RankInfluences()
    {
        if (_ranks.Length != _influences.Length) (_ranks, _rankKeys) = (new int[_influences.Length], new double[_influences.Length]);
        for (var i = 0; i < _ranks.Length; i++)
        {
            _ranks[i] = i;
            _rankKeys[i] = double.IsNaN(_influences[i]) ? double.PositiveInfinity : -Math.Abs(_influences[i]);
        }

        _rankKeys.AsSpan().Sort(_ranks.AsSpan());
        return _ranks;
    }

    /// <summary>Room for the influences of so many fields, kept for the next row.</summary>
    internal double[] InfluenceMemory(int fields) => _influences.Length == fields ? _influences : _influences = new double[fields];
}
