namespace Peregrine.Models.Predictors;

/// <summary>Lays trees out for <see cref="TreePredictor"/>: siblings side by side, leaves leading to themselves, columns as slots.</summary>
internal sealed class TreeLayout
{
    private readonly TreeEnsemble _trees;
    private readonly Dictionary<(int Feature, double Missing, bool Zero), int> _numberSlots = [];
    private readonly Dictionary<(int Feature, int Set), int> _categorySlots = [];

    public TreeLayout(TreeEnsemble trees)
    {
        _trees = trees;
        SlotCount = 1; // slot 0 is what leaves compare; it is never NaN
        foreach (var root in trees.Roots) LayOut(root);
    }

    public List<TreePredictor.Node> Nodes { get; } = [];

    public List<double> Leaves { get; } = [];

    public List<int> Roots { get; } = [];

    public List<int> Depths { get; } = [];

    public List<TreePredictor.NumberSlot> Numbers { get; } = [];

    public List<TreePredictor.CategorySlot> Categories { get; } = [];

    public int SlotCount { get; private set; }

    /// <summary>Breadth first, so that the nodes near the root, which every walk visits, lie together.</summary>
    private void LayOut(int root)
    {
        var open = new Queue<(int Source, int Place, int Depth)>();
        Roots.Add(Reserve(1));
        open.Enqueue((root, Roots[^1], 0));
        var deepest = 0;
        while (open.TryDequeue(out var next))
        {
            var (source, place, depth) = next;
            deepest = Math.Max(deepest, depth);
            if (source < 0)
            {
                Nodes[place] = new(double.PositiveInfinity, 0, place);
                Leaves[place] = _trees.LeafValue[~source];
                continue;
            }

            var first = Reserve(2);
            var (slot, threshold) = SlotOf(source);
            Nodes[place] = new(threshold, slot, first);
            open.Enqueue((_trees.Left[source], first, depth + 1));
            open.Enqueue((_trees.Right[source], first + 1, depth + 1));
        }

        Depths.Add(deepest);
    }

    private int Reserve(int count)
    {
        var first = Nodes.Count;
        for (var i = 0; i < count; i++)
        {
            Nodes.Add(default);
            Leaves.Add(0);
        }

        return first;
    }

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
