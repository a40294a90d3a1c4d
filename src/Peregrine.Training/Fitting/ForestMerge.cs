using Peregrine.Models.Predictors;

namespace Peregrine.Training.Fitting;

/// <summary>Joins forests of one score each into one of several scores.</summary>
internal static class ForestMerge
{
    /// <summary>Tree t of the result adds to score t modulo the number of forests; shorter forests set the length.</summary>
    public static TreeEnsemble Interleave(IReadOnlyList<TreeEnsemble> forests)
    {
        var nodes = Offsets(forests, forest => forest.Feature.Length);
        var leaves = Offsets(forests, forest => forest.LeafValue.Length);
        var sets = Offsets(forests, forest => forest.SetStarts.Length - 1);
        var words = Offsets(forests, forest => forest.SetWords.Length);
        int Link(int forest, int child) => child >= 0 ? child + nodes[forest] : ~(~child + leaves[forest]);
        var trees = forests.Min(forest => forest.Trees);
        return new TreeEnsemble
        {
            Width = forests[0].Width,
            Outputs = forests.Count,
            Average = true,
            Roots = [.. Enumerable.Range(0, trees).SelectMany(tree => forests.Select((forest, at) => Link(at, forest.Roots[tree])))],
            Feature = [.. forests.SelectMany(forest => forest.Feature)],
            Threshold = [.. forests.SelectMany((forest, at) => forest.Threshold.Select((threshold, node) =>
                (forest.Flags[node] & TreeEnsemble.IsCategory) != 0 ? threshold + sets[at] : threshold))],
            Left = [.. forests.SelectMany((forest, at) => forest.Left.Select(child => Link(at, child)))],
            Right = [.. forests.SelectMany((forest, at) => forest.Right.Select(child => Link(at, child)))],
            Flags = [.. forests.SelectMany(forest => forest.Flags)],
            LeafValue = [.. forests.SelectMany(forest => forest.LeafValue)],
            SetStarts = [0, .. forests.SelectMany((forest, at) => forest.SetStarts.Skip(1).Select(start => start + words[at]))],
            SetWords = [.. forests.SelectMany(forest => forest.SetWords)],
            NodeCover = [.. forests.SelectMany(forest => forest.NodeCover)],
            LeafCover = [.. forests.SelectMany(forest => forest.LeafCover)],
        };
    }

    private static int[] Offsets(IReadOnlyList<TreeEnsemble> forests, Func<TreeEnsemble, int> length)
    {
        var offsets = new int[forests.Count];
        for (var at = 1; at < offsets.Length; at++) offsets[at] = offsets[at - 1] + length(forests[at - 1]);
        return offsets;
    }
}
