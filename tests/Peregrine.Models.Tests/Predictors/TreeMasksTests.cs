using Peregrine.Models.Predictors;

namespace Peregrine.Models.Tests.Predictors;

public sealed class TreeMasksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(31)]
    [InlineData(64)]
    public void TryRead_OfATreeThatFits_StrikesOutTheLeavesOnTheLeft(int leaves)
    {
        var layout = new TreeLayout(Chain(leaves - 1));
        var masks = new TreeMasks(layout, mostLeaves: leaves);
        masks.TryRead(layout.Roots[0]).ShouldBeTrue();
        masks.Leaves.ShouldBe(Enumerable.Range(0, leaves).Select(leaf => (double)leaf));
        // The node at depth d has all leaves but the last d below it, and the last of these on its right.
        masks.Tests.Select(test => ~test.Keep).ShouldBe(Enumerable.Range(0, leaves - 1).Select(depth => ulong.MaxValue >> (64 - (leaves - 1 - depth))));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(300_000, 64)] // deeper than any stack
    [InlineData(3, 3)]
    public void TryRead_OfATreeOfTooManyLeaves_GivesUp(int nodes, int mostLeaves)
    {
        var layout = new TreeLayout(Chain(nodes));
        new TreeMasks(layout, mostLeaves).TryRead(layout.Roots[0]).ShouldBeFalse();
    }

    /// <summary>Every left child is the next node; leaves are numbered from left to right, so the deepest has 0.</summary>
    private static TreeEnsemble Chain(int nodes) => new()
    {
        Width = 1, Outputs = 1, Average = false, Roots = [nodes == 0 ? ~0 : 0], Feature = new int[nodes], Threshold = [.. Enumerable.Range(0, nodes).Select(node => (double)node)],
        Left = [.. Enumerable.Range(0, nodes).Select(node => node == nodes - 1 ? ~0 : node + 1)], Right = [.. Enumerable.Range(0, nodes).Select(node => ~(nodes - node))],
        Flags = new byte[nodes], LeafValue = [.. Enumerable.Range(0, nodes + 1).Select(leaf => (double)leaf)], SetStarts = [0], SetWords = [], NodeCover = new int[nodes], LeafCover = new int[nodes + 1],
    };
}
