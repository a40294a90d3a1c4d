using System.Numerics;
using Peregrine.Models.Predictors;
using Peregrine.Models.Tests.Predictors;

namespace Peregrine.Models.Tests.Explanations;

/// <summary>Influences by their definition: the game's value for every subset of fields.</summary>
internal sealed class BruteForce
{
    private readonly TreeEnsemble _trees;
    private readonly double[] _row;
    private readonly int[] _fieldOf;
    private readonly double[] _values; // by subset of known fields

    /// <param name="fieldOf">The field of each column.</param>
    public BruteForce(TreeEnsemble trees, double[] row, int[] fieldOf, int fields, int output = 0)
    {
        (_trees, _row, _fieldOf, Fields) = (trees, row, fieldOf, fields);
        _values = new double[1 << fields];
        for (var known = 0; known < _values.Length; known++)
            for (var tree = output; tree < trees.Trees; tree += trees.Outputs) _values[known] += Value(trees.Roots[tree], known);
        if (!trees.Average) return;
        for (var known = 0; known < _values.Length; known++) _values[known] /= trees.Trees / trees.Outputs;
    }

    public int Fields { get; }

    /// <summary>Nothing known.</summary>
    public double Base => _values[0];

    /// <summary>All known.</summary>
    public double Score => _values[^1];

    /// <summary>Σ |S|! (M - |S| - 1)! / M! · (v(S and field) - v(S)).</summary>
    public double Shapley(int field)
    {
        var sum = 0.0;
        for (var known = 0; known < _values.Length; known++)
        {
            if ((known >> field & 1) != 0) continue;
            var size = BitOperations.PopCount((uint)known);
            sum += Factorial(size) * Factorial(Fields - size - 1) / Factorial(Fields) * (_values[known | 1 << field] - _values[known]);
        }

        return sum;
    }

    public double Ice(int field) => Score - _values[(_values.Length - 1) & ~(1 << field)];

    private double Value(int at, int known)
    {
        if (at < 0) return _trees.LeafValue[~at];
        var column = _trees.Feature[at];
        var (left, right) = (_trees.Left[at], _trees.Right[at]);
        if ((known >> _fieldOf[column] & 1) != 0) return Value(RandomTrees.GoesLeft(_trees, at, _row[column]) ? left : right, known);
        double leftRows = Cover(left), rightRows = Cover(right);
        return (leftRows * Value(left, known) + rightRows * Value(right, known)) / (leftRows + rightRows);
    }

    private int Cover(int child) => child >= 0 ? _trees.NodeCover[child] : _trees.LeafCover[~child];

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);
}
