using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Models.Predictors;

/// <summary>
/// Scores all trees for one row, to the same bits as LightGBM: trees of few leaves by <see cref="TreeRowScorer"/>, others in a walk of eight at a time without a branch per node.
/// </summary>
/// <remarks>
/// Before the walk each tested column is written as the forms that nodes need: missing as NaN (no comparison holds: right), as -∞ (left) or as 0, and each distinct category
/// test as 0 (left) or 1 (right). Then every node is one comparison <c>slot &lt;= threshold</c>, its two children lie side by side, and a leaf
/// leads to itself, so eight walks run in lock step and their loads overlap. Leaves are added in the order of the file.
/// </remarks>
internal sealed class TreePredictor : Predictor
{
    private const int Lanes = 8;

    // LightGBM's kZeroThreshold, the double of the float 1e-35: anything as small counts as zero.
    internal const double Zero = 1e-35f;

    private readonly Node[] _nodes; // this and the next three: empty when rows do not walk
    private readonly int[] _roots;
    private readonly int[] _groupDepth;
    private readonly double[] _leafOf; // by node; leaves only
    private readonly NumberSlot[] _numbers;
    private readonly CategorySlot[] _categories;
    private readonly uint[] _setWords;
    private readonly int _outputs;
    private readonly double _divisor;
    private readonly TreeBlockScorer _block;
    private readonly TreeRowScorer? _row; // null: rows walk

    /// <param name="walk">Whether a row walks trees that could be scored without.</param>
    public TreePredictor(TreeEnsemble trees, int width, bool walk = false)
    {
        if (trees.Width != width) throw new ModelException($"The trees expect {trees.Width} features; the model makes {width}.");
        var build = new TreeLayout(trees);
        _numbers = [.. build.Numbers];
        _categories = [.. build.Categories];
        SlotCount = build.SlotCount;
        _setWords = trees.SetWords;
        _outputs = trees.Outputs;
        _divisor = trees.Average ? trees.Trees / trees.Outputs : 1;
        _block = new TreeBlockScorer(build, trees.SetWords, width, _outputs, _divisor, Vector512.IsHardwareAccelerated);
        _row = walk ? null : TreeRowScorer.TryMake(build, trees.SetWords, _outputs);
        var walks = _row is null;
        _nodes = walks ? build.Nodes : [];
        _leafOf = walks ? build.Leaves : [];
        _roots = walks ? build.Roots : [];
        _groupDepth = walks ? [.. build.Depths.Chunk(Lanes).Select(group => group.Max())] : [];
    }

    public override int Outputs => _outputs;

    public override int ScratchLength => _row?.ScratchLength ?? SlotCount;

    /// <summary>What <see cref="FillSlots"/> writes.</summary>
    public int SlotCount { get; }

    public override int BlockScratchLength => _block.ScratchLength;

    public override void ScoreBlock(ReadOnlySpan<ScoringContext> rows, Span<double> scratch) => _block.Score(rows, scratch);

    public override void Score(ReadOnlySpan<double> features, Span<double> scratch, Span<double> scores)
    {
        scores.Clear();
        if (_row is not null)
        {
            _row.Score(features, scratch, scores);
        }
        else
        {
            FillSlots(features, scratch);
            Walk(scratch, scores);
        }

        if (_divisor != 1)
            foreach (ref var score in scores) score /= _divisor;
    }

    private void Walk(Span<double> scratch, Span<double> scores)
    {
        ref var slots = ref MemoryMarshal.GetReference(scratch);
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        var whole = _roots.Length / Lanes * Lanes;
        var output = 0;
        for (var tree = 0; tree < whole; tree += Lanes)
        {
            WalkEight(ref nodes, ref slots, tree, scores, ref output);
        }

        for (var tree = whole; tree < _roots.Length; tree++)
        {
            var node = _roots[tree];
            for (var steps = _groupDepth[tree / Lanes]; steps > 0; steps--) node = Next(ref nodes, ref slots, node);
            Add(scores, ref output, _leafOf[node]);
        }
    }

    private void WalkEight(ref Node nodes, ref double slots, int tree, Span<double> scores, ref int output)
    {
        var roots = _roots.AsSpan(tree, Lanes);
        int a = roots[0], b = roots[1], c = roots[2], d = roots[3], e = roots[4], f = roots[5], g = roots[6], h = roots[7];
        for (var steps = _groupDepth[tree / Lanes]; steps > 0; steps--)
        {
            a = Next(ref nodes, ref slots, a);
            b = Next(ref nodes, ref slots, b);
            c = Next(ref nodes, ref slots, c);
            d = Next(ref nodes, ref slots, d);
            e = Next(ref nodes, ref slots, e);
            f = Next(ref nodes, ref slots, f);
            g = Next(ref nodes, ref slots, g);
            h = Next(ref nodes, ref slots, h);
        }

        Add(scores, ref output, _leafOf[a]);
        Add(scores, ref output, _leafOf[b]);
        Add(scores, ref output, _leafOf[c]);
        Add(scores, ref output, _leafOf[d]);
        Add(scores, ref output, _leafOf[e]);
        Add(scores, ref output, _leafOf[f]);
        Add(scores, ref output, _leafOf[g]);
        Add(scores, ref output, _leafOf[h]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(ref Node nodes, ref double slots, int at)
    {
        ref readonly var node = ref Unsafe.Add(ref nodes, at);
        var right = !(Unsafe.Add(ref slots, node.Slot) <= node.Threshold);
        return node.First + Unsafe.BitCast<bool, byte>(right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(Span<double> scores, ref int output, double leaf)
    {
        scores[output] += leaf;
        if (++output == _outputs) output = 0;
    }

    /// <summary>Writes each tested column in the forms that nodes compare (see <see cref="TreeLayout.SlotOf"/>).</summary>
    /// <param name="slots">Shape [<see cref="SlotCount"/>].</param>
    public void FillSlots(ReadOnlySpan<double> features, Span<double> slots)
    {
        slots[0] = 0;
        foreach (ref readonly var number in _numbers.AsSpan())
        {
            slots[number.Slot] = number.ValueOf(features);
        }

        foreach (ref readonly var category in _categories.AsSpan())
        {
            slots[category.Slot] = category.Holds(features, _setWords) ? 0 : 1;
        }
    }

    /// <param name="set">A bit per category code.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsInSet(double value, ReadOnlySpan<uint> set)
    {
        // NaN fails the comparison; casts of huge values would saturate.
        if (!(value > -1 && value < int.MaxValue)) return false;
        var code = (int)value;
        var word = code >> 5;
        return (uint)word < (uint)set.Length && ((set[word] >> (code & 31)) & 1) != 0;
    }

    /// <summary>16 bytes: a leaf has <see cref="First"/> = itself and threshold +∞.</summary>
    internal readonly record struct Node(double Threshold, int Slot, int First);

    internal readonly record struct NumberSlot(int Slot, int Feature, double Missing, bool ZeroIsMissing)
    {
        /// <summary>What nodes compare.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public double ValueOf(ReadOnlySpan<double> features)
        {
            var value = features[Feature];
            if (Math.Abs(value) <= Zero) value = 0;
            return double.IsNaN(value) || (ZeroIsMissing && value == 0) ? Missing : value;
        }
    }

    internal readonly record struct CategorySlot(int Slot, int Feature, int FirstWord, int WordCount)
    {
        /// <param name="setWords">The sets of all trees.</param>
        public bool Holds(ReadOnlySpan<double> features, uint[] setWords) => Contains(features[Feature], setWords);

        public bool Contains(double code, uint[] setWords) => IsInSet(code, setWords.AsSpan(FirstWord, WordCount));
    }
}
