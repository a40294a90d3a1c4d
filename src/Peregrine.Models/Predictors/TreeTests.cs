using Peregrine.Records;

namespace Peregrine.Models.Predictors;

/// <summary>The tests of all trees together, for <see cref="TreeRowScorer"/>. See <see cref="TreeMasks"/>.</summary>
internal sealed class TreeTests
{
    private const int MostLeavesOfAWord = 64;

    private TreeTests(TreeLayout layout)
    {
        Tests = new Test[layout.Count - layout.LeafCount];
        Leaves = new double[layout.LeafCount];
        FirstLeaf = new int[layout.Roots.Length];
    }

    /// <summary>Of all trees.</summary>
    public Test[] Tests { get; }

    /// <summary>Of all trees, each from left to right.</summary>
    public double[] Leaves { get; }

    /// <summary>By tree, its place in <see cref="Leaves"/>.</summary>
    public int[] FirstLeaf { get; }

    /// <summary>Leaves of the largest tree.</summary>
    public int MostLeaves { get; private set; }

    /// <summary>Null when a tree has more than 64 leaves.</summary>
    public static TreeTests? TryRead(TreeLayout layout)
    {
        var tests = new TreeTests(layout);
        var masks = new TreeMasks(layout, MostLeavesOfAWord);
        var (test, leaf) = (0, 0);
        for (var tree = 0; tree < layout.Roots.Length; tree++)
        {
            if (!masks.TryRead(layout.Roots[tree])) return null;
            tests.FirstLeaf[tree] = leaf;
            tests.MostLeaves = Math.Max(tests.MostLeaves, masks.Leaves.Count);
            foreach (var (node, keep) in masks.Tests) tests.Tests[test++] = new Test(node.Threshold, keep, node.Slot, tree);
            foreach (var value in masks.Leaves) tests.Leaves[leaf++] = value;
            LongWork.GiveWay();
        }

        return tests;
    }

    /// <param name="Keep">The leaves that stay when the test does not hold.</param>
    internal readonly record struct Test(double Threshold, ulong Keep, int Slot, int Tree);
}
