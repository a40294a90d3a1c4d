using Peregrine.Models.Predictors;

namespace Peregrine.Models.Tests.Predictors;

/// <summary>Random ensembles with every kind of node, and the plainest walk there is to compare with.</summary>
internal static class RandomTrees
{
    private static readonly double[] s_thresholds = [-2, -1, -0.5, 0, 0.5, 1, 2, 1e-35f, -1e-35f];

    /// <param name="mostSetWords">Codes of a category, 32 each.</param>
    public static TreeEnsemble Make(Random random, int trees, int width, int leaves, int mostSetWords = 2)
    {
        List<int> roots = [], feature = [], left = [], right = [], sets = [0];
        List<double> threshold = [], leaf = [];
        List<byte> flags = [];
        List<uint> words = [];
        for (var tree = 0; tree < trees; tree++)
        {
            var firstNode = feature.Count;
            var firstLeaf = leaf.Count;
            roots.Add(leaves == 1 ? ~firstLeaf : firstNode);
            leaf.Add(random.NextDouble() - 0.5);
            for (var node = 0; node < leaves - 1; node++)
            {
                var at = feature.Count;
                var split = firstLeaf + random.Next(node + 1);
                Relink(left, right, firstNode, split, at);
                AddTest(random, width, mostSetWords, feature, threshold, flags, sets, words);
                left.Add(~split);
                right.Add(~leaf.Count);
                leaf.Add(random.NextDouble() - 0.5);
            }
        }

        var ensemble = new TreeEnsemble
        {
            Width = width, Outputs = 1, Average = false, Roots = [.. roots], Feature = [.. feature], Threshold = [.. threshold], Left = [.. left],
            Right = [.. right], Flags = [.. flags], LeafValue = [.. leaf], SetStarts = [.. sets], SetWords = [.. words],
            NodeCover = new int[feature.Count], LeafCover = new int[leaf.Count],
        };
        ensemble.Validate();
        return ensemble;
    }

    /// <summary>The same trees with training rows in each leaf: 1 to 40.</summary>
    public static TreeEnsemble WithCovers(Random random, TreeEnsemble trees, int outputs = 1, bool average = false)
    {
        var leaves = Array.ConvertAll(trees.LeafValue, _ => random.Next(1, 41));
        var nodes = new int[trees.Feature.Length];
        int Cover(int child) => child >= 0 ? nodes[child] : leaves[~child];
        for (var node = nodes.Length - 1; node >= 0; node--) nodes[node] = Cover(trees.Left[node]) + Cover(trees.Right[node]);
        return new TreeEnsemble
        {
            Width = trees.Width, Outputs = outputs, Average = average, Roots = trees.Roots, Feature = trees.Feature, Threshold = trees.Threshold, Left = trees.Left,
            Right = trees.Right, Flags = trees.Flags, LeafValue = trees.LeafValue, SetStarts = trees.SetStarts, SetWords = trees.SetWords,
            NodeCover = nodes, LeafCover = leaves,
        };
    }

    public static double[] Row(Random random, TreeEnsemble trees) => [.. Enumerable.Range(0, trees.Width).Select(_ => random.Next(8) switch
    {
        0 => double.NaN,
        1 => 0,
        2 => s_thresholds[random.Next(s_thresholds.Length)],
        3 => random.Next(-2, Math.Max(80, MostCodes(trees) * 4 / 3)),
        4 => 1e-36,
        5 => random.Next(2) == 0 ? double.PositiveInfinity : double.NegativeInfinity,
        _ => random.NextDouble() * 6 - 3,
    })];

    private static int MostCodes(TreeEnsemble trees) => 32 * trees.SetStarts.Zip(trees.SetStarts.Skip(1), (from, to) => to - from).DefaultIfEmpty().Max();

    /// <summary>LightGBM's Tree::Predict, word by word: zero first, then missing, then the comparison.</summary>
    public static double PlainScore(TreeEnsemble trees, double[] row)
    {
        var sum = 0.0;
        foreach (var root in trees.Roots)
        {
            var at = root;
            while (at >= 0) at = GoesLeft(trees, at, row[trees.Feature[at]]) ? trees.Left[at] : trees.Right[at];
            sum += trees.LeafValue[~at];
        }

        return sum;
    }

    public static bool GoesLeft(TreeEnsemble trees, int node, double value)
    {
        var flags = trees.Flags[node];
        if (Math.Abs(value) <= 1e-35f) value = 0;
        if ((flags & TreeEnsemble.IsCategory) != 0)
        {
            if (double.IsNaN(value) || value <= -1 || value >= 1e9) return false;
            var (set, code) = ((int)trees.Threshold[node], (int)value);
            var word = trees.SetStarts[set] + code / 32;
            return word < trees.SetStarts[set + 1] && (trees.SetWords[word] >> (code % 32) & 1) == 1;
        }

        var rule = TreeEnsemble.Rule(flags);
        if (double.IsNaN(value) && rule != MissingRule.NaN) value = 0;
        var missing = (rule == MissingRule.Zero && value == 0) || (rule == MissingRule.NaN && double.IsNaN(value));
        return missing ? (flags & TreeEnsemble.DefaultLeft) != 0 : value <= trees.Threshold[node];
    }

    private static void AddTest(
        Random random, int width, int mostSetWords, List<int> feature, List<double> threshold, List<byte> flags, List<int> sets, List<uint> words)
    {
        feature.Add(random.Next(width));
        if (random.Next(3) == 0)
        {
            threshold.Add(sets.Count - 1);
            flags.Add(TreeEnsemble.IsCategory);
            for (var i = random.Next(1, mostSetWords + 1); i > 0; i--) words.Add((uint)random.NextInt64(uint.MaxValue));
            sets.Add(words.Count);
            return;
        }

        threshold.Add(s_thresholds[random.Next(s_thresholds.Length)]);
        flags.Add((byte)(random.Next(2) | (random.Next(3) << 1)));
    }

    private static void Relink(List<int> left, List<int> right, int firstNode, int split, int at)
    {
        for (var node = firstNode; node < at; node++)
        {
            if (left[node] == ~split) left[node] = at;
            else if (right[node] == ~split) right[node] = at;
        }
    }
}
