using System.Numerics;

namespace Peregrine.Models.Explanations;

/// <summary>Gathers the parts of <see cref="RowTables"/>, tree by tree.</summary>
internal sealed class RowTablesBuilder(TreePositions trees)
{
    private readonly Dictionary<int, int> _bitOf = [];
    private readonly List<int> _pathEnds = [];

    public List<RowTables.Tree> Trees { get; } = [];

    public List<int> Slots { get; } = [];

    public List<double> Thresholds { get; } = [];

    public List<RowTables.Test> Paths { get; } = [];

    /// <summary>Fields in the order of the row's columns.</summary>
    public List<(RowTables.Group Table, RowTables.Members Members, int[] Fields)> Groups { get; } = [];

    public List<RowTables.Leaf> Leaves { get; } = [];

    public List<RowTables.Condition> Conditions { get; } = [];

    /// <summary>Of all tables.</summary>
    public int Doubles { get; private set; }

    /// <summary>False when the paths to the groups have more tests than a word has bits; nothing is added then.</summary>
    /// <param name="first">The tree's root.</param>
    /// <param name="end">Behind its last position.</param>
    /// <param name="roots">Of its groups, in preorder.</param>
    public bool TryAdd(int first, int end, IReadOnlyList<int> roots)
    {
        _pathEnds.Clear();
        _pathEnds.AddRange(roots.SelectMany(LastOfEachField).Where(last => trees.Previous[last] >= 0).Distinct());
        if (_pathEnds.Count > RowGroups.MostNodes) return false;
        var (firstNode, firstPath) = (Slots.Count, Paths.Count);
        _bitOf.Clear();
        for (var at = first; at < end; at++)
        {
            if (trees.IsLeaf(at)) continue;
            _bitOf[at] = _bitOf.Count;
            Slots.Add(trees.Slot[at]);
            Thresholds.Add(trees.Value[at]);
        }

        Paths.AddRange(_pathEnds.Select(TestOf));
        foreach (var root in roots) AddGroup(root, EndOf(root));
        Trees.Add(new(firstNode, _bitOf.Count, firstPath, _pathEnds.Count));
        return true;
    }

    /// <summary>Behind the last position of a subtree.</summary>
    private int EndOf(int root)
    {
        var at = root;
        for (var open = 1; open > 0; at++) open += trees.IsLeaf(at) ? -1 : 1;
        return at;
    }

    private void AddGroup(int root, int end)
    {
        ulong nodes = 0, paths = 0;
        for (var at = root; at < end; at++)
            if (!trees.IsLeaf(at)) nodes |= 1UL << _bitOf[at];
        var columns = new Dictionary<int, int>();
        foreach (var last in LastOfEachField(root))
        {
            if (trees.Previous[last] < 0) nodes |= TestOf(last).Mask;
            else paths |= 1UL << _pathEnds.IndexOf(last);
        }

        var firstLeaf = Leaves.Count;
        for (var at = root; at < end; at++)
            if (trees.IsLeaf(at)) AddLeaf(at, columns);
        var shift = BitOperations.PopCount(nodes);
        var table = new RowTables.Group(nodes, paths, Doubles, 2 * Trees.Count, (byte)shift, (byte)columns.Count);
        Groups.Add((table, new(firstLeaf, Leaves.Count - firstLeaf), [.. columns.OrderBy(pair => pair.Value).Select(pair => pair.Key)]));
        Doubles = checked(Doubles + (columns.Count << (shift + BitOperations.PopCount(paths))));
    }

    private void AddLeaf(int leaf, Dictionary<int, int> columns)
    {
        var first = Conditions.Count;
        foreach (var last in LastOfEachField(leaf))
        {
            var field = trees.Field[last];
            if (!columns.TryGetValue(field, out var column)) columns[field] = column = columns.Count;
            var test = TestOf(last);
            Conditions.Add(new(test.Mask, test.Expected, trees.Reach[last], column));
        }

        Leaves.Add(new(trees.Value[leaf], first, Conditions.Count - first));
    }

    /// <summary>For each field on the way to a position, the last place behind a split on it.</summary>
    private List<int> LastOfEachField(int at)
    {
        var last = new List<int>();
        for (; trees.Parent[at] >= 0; at = trees.Parent[at])
            if (!last.Exists(other => trees.Field[other] == trees.Field[at])) last.Add(at);
        return last;
    }

    private RowTables.Test TestOf(int last)
    {
        ulong mask = 0, expected = 0;
        for (var at = last; at >= 0; at = trees.Previous[at])
        {
            var bit = 1UL << _bitOf[trees.Parent[at]];
            mask |= bit;
            if (at == trees.Parent[at] + 1) expected |= bit;
        }

        return new(mask, expected);
    }
}
