using Peregrine.Records;

namespace Peregrine.Models.Predictors;

/// <summary>Lays trees out for <see cref="TreePredictor"/>: siblings side by side, leaves leading to themselves, columns as slots.</summary>
internal sealed class TreeLayout
{
    private readonly TreeEnsemble _trees;
    private readonly Dictionary<(int Feature, double Missing, bool Zero), int> _numberSlots = [];
    private readonly Dictionary<(int Feature, int Set), int> _categorySlots = [];
    private readonly Queue<(int Source, int Place, int Depth)> _open = [];

    public TreeLayout(TreeEnsemble trees)
    {
        _trees = trees;
        SlotCount = 1; // slot 0 is what leaves compare; it is never NaN
        Nodes = new TreePredictor.Node[trees.Feature.Length + trees.LeafValue.Length];
        Leaves = new double[Nodes.Length];
        Roots = new int[trees.Trees];
        Depths = new int[trees.Trees];
        for (var tree = 0; tree < trees.Trees; tree++) LayOut(tree);
    }

    /// <summary>Nodes and leaves that trees lead to.</summary>
    public int Count { get; private set; }

    /// <summary>Leaves that trees lead to: each tree has one more than it has nodes.</summary>
    public int LeafCount => (Count + Roots.Length) / 2;

    /// <summary>Breadth first by tree, so that the nodes near the root, which every walk visits, lie together.</summary>
    public TreePredictor.Node[] Nodes { get; }

    /// <summary>By node; 0 where it is no leaf.</summary>
    public double[] Leaves { get; }

    /// <summary>By tree.</summary>
    public int[] Roots { get; }

    /// <summary>Steps from the root to the farthest leaf, by tree.</summary>
    public int[] Depths { get; }

    public List<TreePredictor.NumberSlot> Numbers { get; } = [];

    public List<TreePredictor.CategorySlot> Categories { get; } = [];

    public int SlotCount { get; private set; }

    private void LayOut(int tree)
    {
        Roots[tree] = Reserve(1);
        _open.Enqueue((_trees.Roots[tree], Roots[tree], 0));
        while (_open.TryDequeue(out var next))
        {
            var (source, place, depth) = next;
            Depths[tree] = Math.Max(Depths[tree], depth);
            if (source < 0)
            {
                Nodes[place] = new(double.PositiveInfinity, 0, place);
                Leaves[place] = _trees.LeafValue[~source];
                continue;
            }

            var first = Reserve(2);
            var (slot, threshold) = SlotOf(source);
            Nodes[place] = new(threshold, slot, first);
            _open.Enqueue((_trees.Left[source], first, depth + 1));
            _open.Enqueue((_trees.Right[source], first + 1, depth + 1));
        }

        LongWork.GiveWay();
    }

    private int Reserve(int count) => (Count += count) - count;

    public (int Slot, double Threshold) SlotOf(int node)
    {
        var flags = _trees.Flags[node];
        var feature = _trees.Feature[node];
        if ((flags & TreeEnsemble.IsCategory) != 0) return (CategorySlotOf(feature, (int)_trees.Threshold[node]), 0.5);

        var rule = TreeEnsemble.Rule(flags);
        var side = (flags & TreeEnsemble.DefaultLeft) != 0 ? double.NegativeInfinity : double.NaN;
        var key = (feature, rule == MissingRule.None ? 0 : side, rule == MissingRule.Zero);
        if (!_numberSlots.TryGetValue(key, out var slot))
        {
            _numberSlots[key] = slot = SlotCount++;
            Numbers.Add(new(slot, feature, key.Item2, key.Item3));
        }

        return (slot, _trees.Threshold[node]);
    }

    private int CategorySlotOf(int feature, int set)
    {
        if (_categorySlots.TryGetValue((feature, set), out var slot)) return slot;
        _categorySlots[(feature, set)] = slot = SlotCount++;
        var first = _trees.SetStarts[set];
        Categories.Add(new(slot, feature, first, _trees.SetStarts[set + 1] - first));
        return slot;
    }
}
