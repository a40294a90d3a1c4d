using Peregrine.Records;

namespace Peregrine.Models.Explanations;

/// <summary>Which trees get tables, cut how, so that all tables together stay within their memory and look-ups are few.</summary>
internal sealed class TablePlan
{
    private readonly TreePositions _trees;
    private readonly Dictionary<int, List<int>> _groups = []; // roots by tree

    /// <param name="mostDoubles">What the tables may hold.</param>
    public TablePlan(TreePositions trees, long mostDoubles)
    {
        _trees = trees;
        var cuttable = new List<(int Tree, RowGroups Groups)>();
        for (var tree = 0; tree + 1 < trees.Roots.Length; tree++)
        {
            if (RowGroups.Of(trees, trees.Roots[tree], trees.Roots[tree + 1]) is { } groups) cuttable.Add((tree, groups));
            LongWork.GiveWay();
        }

        for (var bits = RowGroups.MostWantedBits; bits >= 0; bits--)
        {
            var cuts = cuttable.ConvertAll(item => (item.Tree, Cut: item.Groups.Cut(bits)));
            LongWork.GiveWay();
            if (bits > 0 && cuts.Sum(item => item.Cut.Doubles) > mostDoubles) continue;
            Take(cuts, mostDoubles);
            break;
        }

        MostFields = _groups.Keys.SelectMany(tree => Enumerable.Range(trees.Roots[tree], trees.Roots[tree + 1] - trees.Roots[tree]))
            .Where(trees.IsLeaf).Select(trees.FieldsAbove).DefaultIfEmpty().Max();
    }

    /// <summary>Distinct fields on the longest path of a tree with tables.</summary>
    public int MostFields { get; }

    /// <summary>The tables of some trees, and those of them that have none.</summary>
    public (RowTables Tables, int[] Others) Build(IEnumerable<int> trees, Quadrature quadrature)
    {
        var builder = new RowTablesBuilder(_trees);
        var others = new List<int>();
        foreach (var tree in trees)
        {
            var isTabled = _groups.TryGetValue(tree, out var roots) && builder.TryAdd(_trees.Roots[tree], _trees.Roots[tree + 1], roots);
            if (!isTabled) others.Add(tree);
            LongWork.GiveWay();
        }

        return (new RowTables(builder, quadrature), [.. others]);
    }

    /// <summary>The cheapest first, as long as there is room.</summary>
    private void Take(List<(int Tree, (List<int> Roots, long Doubles) Cut)> cuts, long mostDoubles)
    {
        foreach (var (tree, cut) in cuts.OrderBy(item => item.Cut.Doubles).ThenBy(item => item.Tree))
        {
            if (cut.Doubles > mostDoubles) return;
            mostDoubles -= cut.Doubles;
            _groups[tree] = cut.Roots;
        }
    }
}
