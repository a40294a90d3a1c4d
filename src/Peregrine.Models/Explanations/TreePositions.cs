using Peregrine.Models.Predictors;
using Peregrine.Records;

namespace Peregrine.Models.Explanations;

/// <summary>
/// Trees for explaining: each node and leaf is a position, a tree's positions stand together in preorder, so a left child follows its node. All arrays have one
/// entry per position.
/// </summary>
internal sealed class TreePositions
{
    private readonly TreeEnsemble _trees;
    private readonly TreeLayout _layout;
    private readonly int[] _fieldOf;
    private const int MostDepth = 2_000;
    private readonly List<int> _sources = [], _parent = [], _right = [], _slot = [], _field = [], _previous = [];
    private readonly List<double> _value = [], _share = [], _reach = [];

    /// <param name="fieldOf">The field of each column: splits on columns of one field count as splits on one field.</param>
    /// <exception cref="ModelException">A branch holds no training rows, as when the trees came without counts.</exception>
    public TreePositions(TreeEnsemble trees, int[] fieldOf)
    {
        _trees = trees;
        _layout = new TreeLayout(trees);
        _fieldOf = fieldOf;
        Roots = new int[trees.Trees + 1];
        for (var tree = 0; tree < trees.Trees; tree++)
        {
            Roots[tree] = _parent.Count;
            AddTree(trees.Roots[tree]);
            LongWork.GiveWay();
        }

        Roots[^1] = _parent.Count;
        (Parent, Right, Slot, Field, Previous) = ([.. _parent], [.. _right], [.. _slot], [.. _field], [.. _previous]);
        (Value, Share, Reach) = ([.. _value], [.. _share], [.. _reach]);
    }

    /// <summary>The root of each tree and, last, where the last tree ends.</summary>
    public int[] Roots { get; }

    /// <summary>-1 for a root.</summary>
    public int[] Parent { get; }

    /// <summary>The right child; -1 for a leaf.</summary>
    public int[] Right { get; }

    /// <summary>The slot that the node compares (<see cref="TreeLayout"/>); -1 for a leaf.</summary>
    public int[] Slot { get; }

    /// <summary>A node's threshold, a leaf's value.</summary>
    public double[] Value { get; }

    /// <summary>The field that the parent tests; -1 for a root.</summary>
    public int[] Field { get; }

    /// <summary>The last position above this one whose parent tests the same field; -1: none.</summary>
    public int[] Previous { get; }

    /// <summary>The part of the parent's training rows that came here.</summary>
    public double[] Share { get; }

    /// <summary>The product of the shares on the way here of all splits on <see cref="Field"/>.</summary>
    public double[] Reach { get; }

    public bool IsLeaf(int position) => Right[position] < 0;

    public bool IsLeft(int position) => position == Parent[position] + 1;

    /// <summary>Distinct fields tested on the way to a position.</summary>
    public int FieldsAbove(int position)
    {
        var count = 0;
        for (; Parent[position] >= 0; position = Parent[position])
            if (Previous[position] < 0) count++;
        return count;
    }

    private void AddTree(int root)
    {
        var open = new Stack<(int Source, int Parent, double Share, int Depth)>();
        open.Push((root, -1, 1, 0));
        while (open.TryPop(out var next))
        {
            var (source, parent, share, depth) = next;
            if (depth > MostDepth) throw new ModelException($"The trees are deeper than {MostDepth} levels: too deep to explain.");
            var position = _parent.Count;
            if (parent >= 0 && position != parent + 1) _right[parent] = position;
            Add(source, parent, share);
            if (source < 0) continue;
            var (left, right) = (_trees.Left[source], _trees.Right[source]);
            double leftRows = Cover(left), rightRows = Cover(right);
            if (leftRows <= 0 || rightRows <= 0)
                throw new ModelException("The trees do not say how many training rows went each way, which explanations need. Train the model again.");
            open.Push((right, position, rightRows / (leftRows + rightRows), depth + 1));
            open.Push((left, position, leftRows / (leftRows + rightRows), depth + 1));
        }
    }

    private void Add(int source, int parent, double share)
    {
        var field = parent < 0 ? -1 : _fieldOf[_trees.Feature[_sources[parent]]];
        var previous = parent;
        while (previous >= 0 && _field[previous] != field) previous = _parent[previous];
        var (slot, value) = source < 0 ? (-1, _trees.LeafValue[~source]) : _layout.SlotOf(source);
        _sources.Add(source);
        _parent.Add(parent);
        _right.Add(-1);
        _slot.Add(slot);
        _value.Add(value);
        _field.Add(field);
        _previous.Add(previous);
        _share.Add(share);
        _reach.Add(previous >= 0 ? share * _reach[previous] : share);
    }

    private int Cover(int child) => child >= 0 ? _trees.NodeCover[child] : _trees.LeafCover[~child];
}
