using System.Globalization;
using Peregrine.Models;

namespace Peregrine.Models.Predictors;

/// <summary>Reads LightGBM's text model (versions 2 to 4) into a <see cref="TreeEnsemble"/>.</summary>
/// <remarks>
/// Format and rules: LightGBM's <c>gbdt_model_text.cpp</c> and <c>tree.cpp</c>. Thresholds and leaves stand there with 17 digits, so they are read
/// back exactly. Linear leaves are refused.
/// </remarks>
public sealed class LightGbmModelText
{
    private const int MostTrees = 1_000_000;
    private readonly List<Dictionary<string, string>> _trees = [];
    private readonly Dictionary<string, string> _header = new(StringComparer.Ordinal);

    private LightGbmModelText(string text)
    {
        var current = _header;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.SequenceEqual("end of trees")) break;
            if (line.StartsWith("Tree="))
            {
                if (_trees.Count == MostTrees) throw new ModelException($"A LightGBM model of more than {MostTrees:N0} trees.");
                _trees.Add(current = new(StringComparer.Ordinal));
                continue;
            }

            var equals = line.IndexOf('=');
            if (equals > 0) current[line[..equals].ToString()] = line[(equals + 1)..].ToString();
            else if (line.SequenceEqual("average_output")) current["average_output"] = "1";
        }
    }

    /// <summary>The objective as the file names it, for example <c>binary sigmoid:1</c>; empty for a custom one.</summary>
    public string Objective => _header.GetValueOrDefault("objective", "");

    public IReadOnlyList<string> FeatureNames => _header.GetValueOrDefault("feature_names", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <exception cref="ModelException">It is no LightGBM text model, or one that is not supported.</exception>
    public static LightGbmModelText Parse(string text)
    {
        if (!text.StartsWith("tree", StringComparison.Ordinal)) throw new ModelException("A LightGBM text model begins with the line 'tree'.");
        var model = new LightGbmModelText(text);
        var version = model._header.GetValueOrDefault("version", "");
        if (version is not ("v2" or "v3" or "v4")) throw new ModelException($"LightGBM text model version '{version}' is not supported; v2 to v4 are.");
        return model;
    }

    /// <exception cref="ModelException">A tree is damaged or has linear leaves.</exception>
    public TreeEnsemble ToEnsemble()
    {
        var width = HeaderInt("max_feature_idx") + 1;
        var outputs = _header.ContainsKey("num_tree_per_iteration") ? HeaderInt("num_tree_per_iteration") : HeaderInt("num_class");
        var builder = new Builder();
        foreach (var tree in _trees) builder.Add(tree);
        var ensemble = builder.Build(width, outputs, _header.ContainsKey("average_output"));
        ensemble.Validate();
        return ensemble;
    }

    private int HeaderInt(string key) => _header.TryGetValue(key, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new ModelException($"The LightGBM text model has no usable '{key}'.");

    private sealed class Builder
    {
        private readonly List<int> _roots = [], _feature = [], _left = [], _right = [], _setStarts = [0], _nodeCover = [], _leafCover = [];
        private readonly List<double> _threshold = [], _leafValue = [];
        private readonly List<byte> _flags = [];
        private readonly List<uint> _setWords = [];

        public void Add(Dictionary<string, string> tree)
        {
            if (tree.GetValueOrDefault("is_linear", "0") != "0") throw new ModelException("LightGBM models with linear leaves are not supported.");
            var firstNode = _feature.Count;
            var firstLeaf = _leafValue.Count;
            var firstSet = _setStarts.Count - 1;
            var leaves = Array(tree, "leaf_value", Double);
            _leafValue.AddRange(leaves);
            var covers = tree.ContainsKey("leaf_count") ? Array(tree, "leaf_count", Int) : [];
            _leafCover.AddRange(covers.Length == leaves.Length ? covers : new int[leaves.Length]);
            if (leaves.Length <= 1)
            {
                _roots.Add(~firstLeaf);
                return;
            }

            _roots.Add(firstNode);
            var nodes = leaves.Length - 1;
            AddSets(tree);
            int Link(int child) => child >= 0 ? child + firstNode : ~(~child + firstLeaf);
            _left.AddRange(Exactly(nodes, Array(tree, "left_child", Int)).Select(Link));
            _right.AddRange(Exactly(nodes, Array(tree, "right_child", Int)).Select(Link));
            _feature.AddRange(Exactly(nodes, Array(tree, "split_feature", Int)));
            var counts = tree.ContainsKey("internal_count") ? Array(tree, "internal_count", Int) : [];
            _nodeCover.AddRange(counts.Length == nodes ? counts : new int[nodes]);
            var thresholds = Exactly(nodes, Array(tree, "threshold", Double));
            var decisions = Exactly(nodes, Array(tree, "decision_type", Int));
            for (var i = 0; i < nodes; i++)
            {
                var category = (decisions[i] & 1) != 0;
                _threshold.Add(category ? thresholds[i] + firstSet : thresholds[i]);
                _flags.Add((byte)((category ? TreeEnsemble.IsCategory : 0) | ((decisions[i] >> 1) & 1) | (((decisions[i] >> 2) & 3) << 1)));
            }
        }

        public TreeEnsemble Build(int width, int outputs, bool average) => new()
        {
            Width = width, Outputs = outputs, Average = average, Roots = [.. _roots], Feature = [.. _feature], Threshold = [.. _threshold],
            Left = [.. _left], Right = [.. _right], Flags = [.. _flags], LeafValue = [.. _leafValue], SetStarts = [.. _setStarts],
            SetWords = [.. _setWords], NodeCover = [.. _nodeCover], LeafCover = [.. _leafCover],
        };

        private void AddSets(Dictionary<string, string> tree)
        {
            if (tree.GetValueOrDefault("num_cat", "0") == "0") return;
            var boundaries = Array(tree, "cat_boundaries", Int);
            var firstWord = _setWords.Count;
            _setWords.AddRange(Array(tree, "cat_threshold", text => uint.Parse(text, CultureInfo.InvariantCulture)));
            _setStarts.AddRange(boundaries.Skip(1).Select(boundary => firstWord + boundary));
        }

        private static T[] Array<T>(Dictionary<string, string> tree, string key, Func<string, T> parse)
        {
            if (!tree.TryGetValue(key, out var line)) throw new ModelException($"A tree of the LightGBM text model has no '{key}'.");
            try
            {
                return [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(parse)];
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                throw new ModelException($"A tree of the LightGBM text model has an unreadable '{key}': {exception.Message}", exception);
            }
        }

        private static T[] Exactly<T>(int count, T[] values) => values.Length == count
            ? values
            : throw new ModelException($"A tree of the LightGBM text model has {values.Length} values where {count} belong.");

        private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

        /// <remarks>
        /// LightGBM writes the C library's words for what is not finite: a node that parts missing from all other values has the
        /// threshold "inf".
        /// </remarks>
        private static double Double(string text) => text switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        };
    }
}
