namespace Peregrine.Models.Predictors;

/// <summary>Trees as lists of tests: each strikes out the leaves on its left where it does not hold.</summary>
internal sealed class TreeTests
{
    private const int MostLeavesOfAWord = 64;

    private readonly TreeLayout _layout;

    private TreeTests(TreeLayout layout) => _layout = layout;

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
        var tests = new TreeTests(layout);
        foreach (var root in layout.Roots)
        {
            tests.FirstLeaf.Add(tests.Leaves.Count);
            if (!tests.TryVisit(root)) return null;
            tests.MostLeaves = Math.Max(tests.MostLeaves, tests.Leaves.Count - tests.FirstLeaf[^1]);
        }

        return tests;
    }

    /// <summary>Goes at most as deep as a tree has leaves.</summary>
    private bool TryVisit(int at)
    {
        var node = _layout.Nodes[at];
        var from = Leaves.Count - FirstLeaf[^1];
        if (node.First == at)
        {
            Leaves.Add(_layout.Leaves[at]);
            return from < MostLeavesOfAWord;
        }

        var test = Tests.Count;
        Tests.Add(default);
        if (!TryVisit(node.First)) return false;
        var left = Leaves.Count - FirstLeaf[^1] - from;
        Tests[test] = new Test(node.Slot, node.Threshold, FirstLeaf.Count - 1, ~((ulong.MaxValue >> (64 - left)) << from));
        return TryVisit(node.First + 1);
    }

    /// <param name="Keep">The leaves that stay when the test does not hold.</param>
    internal readonly record struct Test(int Slot, double Threshold, int Tree, ulong Keep);
}
