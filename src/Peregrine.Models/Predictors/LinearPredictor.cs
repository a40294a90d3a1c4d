namespace Peregrine.Models.Predictors;

/// <summary>Dot products in a fixed order, so that equal features give equal bits.</summary>
internal sealed class LinearPredictor : Predictor
{
    private readonly double[][] _weights;
    private readonly double[] _intercepts;

    public LinearPredictor(LinearPredictorSpec spec, int width)
    {
        _weights = [.. spec.Weights.Select(row => row.ToArray())];
        _intercepts = [.. spec.Intercepts];
        if (_weights.Length == 0 || _weights.Length != _intercepts.Length || Array.Exists(_weights, row => row.Length != width))
            throw new ModelException($"The linear predictor's weights do not fit {width} features.");
    }

    public override int Outputs => _weights.Length;

    public override int ScratchLength => 0;

    public override void Score(ReadOnlySpan<double> features, Span<double> scratch, Span<double> scores)
    {
        for (var output = 0; output < _weights.Length; output++)
        {
            var sum = _intercepts[output];
            var weights = _weights[output];
            for (var i = 0; i < weights.Length; i++) sum += weights[i] * features[i];
            scores[output] = sum;
        }
    }
}
