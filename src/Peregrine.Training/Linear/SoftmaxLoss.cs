namespace Peregrine.Training.Linear;

/// <summary>
/// Negative log-likelihood of a linear classifier over its rows plus half an L2 penalty on all weights but the intercepts, divided by the rows. One
/// score and the logistic function for two classes, one score per class and softmax for more.
/// </summary>
internal sealed class SoftmaxLoss
{
    private const int Chunks = 16; // fixed, so that the order of summation does not depend on the number of threads

    private readonly SparseRows _rows;
    private readonly int[] _labels;
    private readonly int _outputs;
    private readonly double _penalty;
    private readonly ParallelOptions _parallel;
    private readonly double[][] _gradients;
    private readonly double[] _losses = new double[Chunks];

    /// <param name="labels">Class of each row, 0 to classes - 1.</param>
    public SoftmaxLoss(SparseRows rows, int[] labels, int classes, double penalty, int threads, CancellationToken cancellationToken)
    {
        _rows = rows;
        _labels = labels;
        _outputs = classes == 2 ? 1 : classes;
        _penalty = penalty;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        _gradients = new double[Chunks][];
        for (var chunk = 0; chunk < Chunks; chunk++) _gradients[chunk] = new double[Parameters];
    }

    /// <summary>Weights of one score after the other, each with its intercept last.</summary>
    public int Parameters => _outputs * Stride;

    private int Stride => _rows.Width + 1;

    public double Evaluate(double[] weights, Span<double> gradient)
    {
        Parallel.For(0, Chunks, _parallel, chunk => EvaluateChunk(chunk, weights));
        gradient.Clear();
        double loss = 0;
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            loss += _losses[chunk];
            for (var at = 0; at < gradient.Length; at++) gradient[at] += _gradients[chunk][at];
        }

        for (var at = 0; at < gradient.Length; at++)
        {
            if (at % Stride == Stride - 1) continue;
            loss += _penalty / 2 * weights[at] * weights[at];
            gradient[at] += _penalty * weights[at];
        }

        foreach (ref var slope in gradient) slope /= _rows.Count;
        return loss / _rows.Count;
    }

    private void EvaluateChunk(int chunk, double[] weights)
    {
        var gradient = _gradients[chunk];
        gradient.AsSpan().Clear();
        var from = (int)((long)_rows.Count * chunk / Chunks);
        var to = (int)((long)_rows.Count * (chunk + 1) / Chunks);
        _losses[chunk] = _outputs == 1 ? Logistic(from, to, weights, gradient) : Softmax(from, to, weights, gradient);
    }

    private double Logistic(int from, int to, double[] weights, double[] gradient)
    {
        double loss = 0;
        for (var row = from; row < to; row++)
        {
            var score = _rows.Dot(row, weights);
            var margin = _labels[row] == 1 ? score : -score;
            var small = Math.Exp(-Math.Abs(margin));
            loss += Math.Log(1 + small) + Math.Max(0, -margin);
            var wrong = margin >= 0 ? small / (1 + small) : 1 / (1 + small);
            _rows.AddTo(row, _labels[row] == 1 ? -wrong : wrong, gradient);
        }

        return loss;
    }

    private double Softmax(int from, int to, double[] weights, double[] gradient)
    {
        double loss = 0;
        var scores = new double[_outputs];
        for (var row = from; row < to; row++)
        {
            var largest = double.NegativeInfinity;
            for (var output = 0; output < _outputs; output++)
            {
                scores[output] = _rows.Dot(row, weights.AsSpan(output * Stride, Stride));
                largest = Math.Max(largest, scores[output]);
            }

            double sum = 0;
            foreach (var score in scores) sum += Math.Exp(score - largest);
            var logSum = largest + Math.Log(sum);
            loss += logSum - scores[_labels[row]];
            for (var output = 0; output < _outputs; output++)
            {
                var slope = Math.Exp(scores[output] - logSum) - (output == _labels[row] ? 1 : 0);
                _rows.AddTo(row, slope, gradient.AsSpan(output * Stride, Stride));
            }
        }

        return loss;
    }
}
