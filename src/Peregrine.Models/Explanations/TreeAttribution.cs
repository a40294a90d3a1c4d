using Peregrine.Models.Predictors;

namespace Peregrine.Models.Explanations;

/// <summary>Tree ensembles: small trees by <see cref="RowTables"/> as far as their memory may go, the others by <see cref="PathWalk"/>.</summary>
internal sealed class TreeAttribution : Attribution
{
    private readonly TreePredictor _predictor;
    private readonly TreePositions _trees;
    private readonly RowTables[] _tables; // by output
    private readonly int[][] _walked; // by output
    private readonly PathWalk _walk;
    private readonly PathDifference _difference;
    private readonly double[] _base;
    private readonly double _scale;

    /// <param name="predictor">What scores the trees.</param>
    /// <param name="fieldOf">The field of each column.</param>
    /// <param name="slope">What scores are multiplied with before the link.</param>
    /// <param name="mostTableBytes">Memory that tables may take.</param>
    public TreeAttribution(TreePredictor predictor, TreeEnsemble trees, int[] fieldOf, double slope, long mostTableBytes)
    {
        _predictor = predictor;
        _trees = new TreePositions(trees, fieldOf);
        _scale = trees.Average ? slope * trees.Outputs / trees.Trees : slope;
        var plan = new TablePlan(_trees, mostTableBytes / sizeof(double));
        var quadrature = new Quadrature(plan.MostFields);
        (_tables, _walked) = (new RowTables[trees.Outputs], new int[trees.Outputs][]);
        for (var output = 0; output < trees.Outputs; output++)
        {
            var mine = Enumerable.Range(0, trees.Trees).Where(tree => tree % trees.Outputs == output);
            (_tables[output], _walked[output]) = plan.Build(mine, quadrature);
        }

        var widest = _walked.SelectMany(walked => walked).Select(Positions).DefaultIfEmpty().Max();
        var walkedFields = _walked.SelectMany(walked => walked).Select(MostFields).DefaultIfEmpty().Max();
        _walk = new PathWalk(_trees, new Quadrature(walkedFields));
        _difference = new PathDifference(_trees);
        var deepest = Enumerable.Range(0, trees.Trees).Max(Positions);
        ScratchLength = predictor.SlotCount + Math.Max(Math.Max(_walk.ScratchLength(widest), _tables.Max(tables => tables.ScratchLength)), deepest + 1);
        _base = [.. Enumerable.Range(0, trees.Outputs).Select(output => _scale * Expected(output, trees))];
    }

    public override int ScratchLength { get; }

    public override long TableBytes => _tables.Sum(tables => tables.Bytes);

    public override ReadOnlySpan<double> Base => _base;

    public override void Explain(
        ReadOnlySpan<double> features, int output, ExplanationMethod method, Span<double> scratch, Span<double> influences)
    {
        var slots = scratch[.._predictor.SlotCount];
        var rest = scratch[_predictor.SlotCount..];
        _predictor.FillSlots(features, slots);
        influences.Clear();
        if (method == ExplanationMethod.Ice)
        {
            for (var tree = output; tree < _trees.Roots.Length - 1; tree += _walked.Length) _difference.Add(_trees.Roots[tree], slots, rest, influences);
        }
        else
        {
            _tables[output].Add(slots, rest, influences);
            foreach (var tree in _walked[output]) _walk.Add(_trees.Roots[tree], _trees.Roots[tree + 1], slots, rest, influences);
        }

        if (_scale == 1) return;
        foreach (ref var influence in influences) influence *= _scale;
    }

    private int Positions(int tree) => _trees.Roots[tree + 1] - _trees.Roots[tree];

    private int MostFields(int tree) => Enumerable.Range(_trees.Roots[tree], Positions(tree)).Where(_trees.IsLeaf).Max(_trees.FieldsAbove);

    private double Expected(int output, TreeEnsemble trees)
    {
        var sum = 0.0;
        var weights = new double[_trees.Parent.Length];
        for (var tree = output; tree < trees.Trees; tree += trees.Outputs)
        {
            for (var at = _trees.Roots[tree]; at < _trees.Roots[tree + 1]; at++)
            {
                weights[at] = _trees.Parent[at] < 0 ? 1 : weights[_trees.Parent[at]] * _trees.Share[at];
                if (_trees.IsLeaf(at)) sum += weights[at] * _trees.Value[at];
            }
        }

        return sum;
    }
}
