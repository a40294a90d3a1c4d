using Peregrine.Models.Predictors;

namespace Peregrine.Models.Explanations;

/// <summary>Linear scores: a field's influence is Σ weight · (x - mean x) over its columns, by either method, for independent columns.</summary>
internal sealed class LinearAttribution : Attribution
{
    private readonly double[][] _weights;
    private readonly double[] _means;
    private readonly double[] _base;
    private readonly int[] _fieldOf;

    /// <param name="fieldOf">The field of each column.</param>
    public LinearAttribution(LinearPredictorSpec spec, IReadOnlyList<double> means, int[] fieldOf)
    {
        if (means.Count != fieldOf.Length) throw new ModelException($"The linear predictor names {means.Count} column means for {fieldOf.Length} columns.");
        _weights = [.. spec.Weights.Select(row => row.ToArray())];
        _means = [.. means];
        _fieldOf = fieldOf;
        _base = [.. _weights.Select((row, output) => spec.Intercepts[output] + row.Zip(_means, (weight, mean) => weight * mean).Sum())];
    }

    public override int ScratchLength => 0;

    public override ReadOnlySpan<double> Base => _base;

    public override void Explain(
        ReadOnlySpan<double> features, int output, ExplanationMethod method, Span<double> scratch, Span<double> influences)
    {
        influences.Clear();
        var weights = _weights[output];
        for (var column = 0; column < weights.Length; column++)
            influences[_fieldOf[column]] += weights[column] * (features[column] - _means[column]);
    }
}
