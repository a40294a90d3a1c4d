namespace Peregrine.Models.Predictors;

/// <summary>The tests of all trees together, for <see cref="TreeRowScorer"/>. See <see cref="TreeMasks"/>.</summary>
internal sealed class TreeTests
{
    private const int MostLeavesOfAWord = 64;

    private TreeTests()
    {
    }

    public List<Test> Tests { get; } = [];

    /// <summary>Of all trees, each from left to right.</summary>
    public List<double> Leaves { get; } = [];

    /// <summary>By tree, its place in <see cref="Leaves"/>.</summary>
    public List<int> FirstLeaf { get; } = [];

    /// <summary>Leaves of the largest tree.</summary>
    public int MostLeaves { get; private set; }

    /// <summary>Null when a tree has more than 64 leaves.</summary>
    public static TreeTests? TryRead(TreeLayout layout)
    {
        var tests = new TreeTests();
        var masks = new TreeMasks(layout, MostLeavesOfAWord);
        foreach (var root in layout.Roots)
        {
            if (!masks.TryRead(root)) return null;
            tests.Add(masks);
        }

        return tests;
    }

    private void Add(TreeMasks tree)
    {
        foreach (var (node, keep) in tree.Tests) Tests.Add(new Test(node.Slot, node.Threshold, FirstLeaf.Count, keep));
        FirstLeaf.Add(Leaves.Count);
        Leaves.AddRange(tree.Leaves);
        MostLeaves = Math.Max(MostLeaves, tree.Leaves.Count);
    }

    /// <param name="Keep">The leaves that stay when the test does not hold.</param>
    internal readonly record struct Test(int Slot, double Threshold, int Tree, ulong Keep);
}
