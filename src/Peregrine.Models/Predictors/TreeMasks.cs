namespace Peregrine.Models.Predictors;

/// <summary>
/// Reads trees of few leaves as lists of tests, one tree at a time: a test that does not hold strikes out the leaves on its left, and the first leaf that is left is the
/// tree's answer.
/// </summary>
/// <param name="layout">A leaf leads to itself.</param>
/// <param name="mostLeaves">1 to 64.</param>
internal sealed class TreeMasks(TreeLayout layout, int mostLeaves)
{
    /// <summary>Of the tree that was read last, each before those below it.</summary>
    public List<Test> Tests { get; } = [];

    /// <summary>Of the tree that was read last, from left to right.</summary>
    public List<double> Leaves { get; } = [];

    /// <summary>False when the tree has too many leaves.</summary>
    public bool TryRead(int root)
    {
        Tests.Clear();
        Leaves.Clear();
        return TryVisit(root);
    }

    /// <summary>Goes no deeper than a tree of so many leaves can be, whatever tree it is given.</summary>
    private bool TryVisit(int at)
    {
        var node = layout.Nodes[at];
        var from = Leaves.Count;
        if (node.First == at)
        {
            Leaves.Add(layout.Leaves[at]);
            return from < mostLeaves;
        }

        var test = Tests.Count;
        if (test == mostLeaves - 1) return false;
        Tests.Add(default);
        if (!TryVisit(node.First)) return false;
        var left = Leaves.Count - from;
        Tests[test] = new Test(node, ~((ulong.MaxValue >> (64 - left)) << from));
        return TryVisit(node.First + 1);
    }

    /// <param name="Keep">The leaves that stay when the test does not hold, a bit each.</param>
    internal readonly record struct Test(TreePredictor.Node Node, ulong Keep);
}
