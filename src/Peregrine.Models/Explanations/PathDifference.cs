namespace Peregrine.Models.Explanations;

/// <summary>
/// For each field on a row's path through a tree: the leaf it reaches less what is expected there when only this field is unknown, both branches of its splits
/// weighed by their training rows. Other fields have no influence on the tree.
/// </summary>
internal sealed class PathDifference(TreePositions trees)
{
    /// <param name="root">The tree's root.</param>
    /// <param name="open">Scratch for branches put off: two doubles for each level of the tree.</param>
    /// <param name="influences">Shape [fields]; added to.</param>
    public void Add(int root, ReadOnlySpan<double> slots, Span<double> open, Span<double> influences)
    {
        var leaf = root;
        while (!trees.IsLeaf(leaf)) leaf = Next(leaf, slots);
        var value = trees.Value[leaf];
        for (var at = leaf; at != root; at = trees.Parent[at])
        {
            // Above the first split on a field nothing changes when it is unknown.
            if (trees.Previous[at] < 0) influences[trees.Field[at]] += value - Without(trees.Field[at], trees.Parent[at], slots, open);
        }
    }

    private double Without(int field, int from, ReadOnlySpan<double> slots, Span<double> open)
    {
        var expected = 0.0;
        var waiting = 0;
        var (at, weight) = (from, 1.0);
        while (true)
        {
            if (trees.IsLeaf(at))
            {
                expected += weight * trees.Value[at];
                if (waiting == 0) return expected;
                weight = open[--waiting];
                at = (int)open[--waiting];
            }
            else if (trees.Field[at + 1] == field)
            {
                var right = trees.Right[at];
                open[waiting++] = right;
                open[waiting++] = weight * trees.Share[right];
                weight *= trees.Share[++at];
            }
            else
            {
                at = Next(at, slots);
            }
        }
    }

    private int Next(int at, ReadOnlySpan<double> slots) => slots[trees.Slot[at]] <= trees.Value[at] ? at + 1 : trees.Right[at];
}
