using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Models.Predictors;

/// <summary>Scores up to <see cref="ScoringBlock.Rows"/> rows tree by tree, to the same bits as <see cref="TreePredictor"/> row by row.</summary>
/// <remarks>
/// A tree of at most 64 leaves is not walked: each row has a word with a bit per leaf, from left to right, and each node whose comparison fails strikes out the leaves
/// on its left; the lowest bit left is the leaf. All rows of the block take a node together, in vectors, without a branch (QuickScorer: Lucchese et al., SIGIR 2015;
/// vectorised: SIGIR 2016). Larger trees are walked by all rows in lock step. Leaves are added tree after tree, as for one row.
/// </remarks>
internal sealed class TreeBlockScorer
{
    private const int Rows = ScoringBlock.Rows;
    private const int MostLeaves = 64;

    private readonly Tree[] _trees;
    private readonly Test[] _tests;
    private readonly SetTest[] _setTests;
    private readonly int[] _codeColumns; // feature columns whose codes stand as bits
    private readonly double[] _leaves; // of the trees of few leaves, from left to right
    private readonly TreePredictor.Node[] _nodes;
    private readonly double[] _leafOf; // by node
    private readonly TreePredictor.NumberSlot[] _numbers;
    private readonly TreePredictor.CategorySlot[] _categories;
    private readonly uint[] _setWords;
    private readonly int _width;
    private readonly int _slots;
    private readonly int _outputs;
    private readonly double _divisor;
    private readonly bool _wide;

    /// <param name="wide">Whether vectors of 512 bits are used; else of 256.</param>
    public TreeBlockScorer(TreeLayout layout, uint[] setWords, int width, int outputs, double divisor, bool wide)
    {
        _wide = wide;
        _numbers = [.. layout.Numbers];
        _setWords = setWords;
        _width = width;
        _slots = layout.SlotCount;
        _outputs = outputs;
        _divisor = divisor;
        var build = new BitTrees(layout, setWords, MostLeaves);
        _trees = [.. layout.Roots.Select((root, tree) => build.Add(root, layout.Depths[tree]))];
        var walks = _trees.Any(tree => tree.Depth >= 0);
        _nodes = walks ? layout.Nodes : [];
        _leafOf = walks ? layout.Leaves : [];
        _tests = [.. build.Tests];
        _setTests = [.. build.SetTests];
        _codeColumns = [.. build.CodeColumns];
        _categories = [.. layout.Categories.Where(category => build.NeedsSlot(category))];
        _leaves = [.. build.Leaves];
    }

    /// <summary>Slots, features, codes and scores, each of them one value per row of the block.</summary>
    public int ScratchLength => (_slots + _width + _codeColumns.Length + _outputs) * Rows;

    public void Score(ReadOnlySpan<ScoringContext> rows, Span<double> scratch)
    {
        if (rows.IsEmpty) return;
        var slots = scratch[..(_slots * Rows)];
        var features = scratch.Slice(slots.Length, _width * Rows);
        var codes = MemoryMarshal.Cast<double, ulong>(scratch.Slice(slots.Length + features.Length, _codeColumns.Length * Rows));
        var scores = scratch.Slice(slots.Length + features.Length + codes.Length, _outputs * Rows);
        for (var row = 0; row < rows.Length; row++)
        {
            var own = rows[row].FeatureValues;
            for (var column = 0; column < own.Length; column++) features[column * Rows + row] = own[column];
        }

        FillSlots(features, slots, rows.Length);
        FillCodes(features, codes);
        scores.Clear();
        ref var slot = ref MemoryMarshal.GetReference(slots);
        ref var code = ref MemoryMarshal.GetReference(codes);
        var output = 0;
        foreach (ref readonly var tree in _trees.AsSpan())
        {
            var sums = scores.Slice(output * Rows, Rows);
            if (tree.Depth >= 0) Walk(tree, ref slot, sums, rows.Length);
            else if (_wide) Strike512(tree, ref slot, ref code, sums);
            else Strike256(tree, ref slot, ref code, sums);
            if (++output == _outputs) output = 0;
        }

        for (var row = 0; row < rows.Length; row++)
        {
            var own = rows[row].RawScores;
            for (output = 0; output < own.Length; output++) own[output] = _divisor == 1 ? scores[output * Rows + row] : scores[output * Rows + row] / _divisor;
        }
    }

    private void Strike512(in Tree tree, ref double slots, ref ulong codes, Span<double> sums)
    {
        var (a, b) = (Vector512<ulong>.AllBitsSet, Vector512<ulong>.AllBitsSet);
        foreach (ref readonly var test in _tests.AsSpan(tree.First, tree.Tests))
        {
            var threshold = Vector512.Create(test.Threshold);
            var keep = Vector512.Create(test.Keep);
            ref var x = ref Unsafe.Add(ref slots, test.Slot);
            a = Vector512.ConditionalSelect(Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref x), threshold).AsUInt64(), a, a & keep);
            b = Vector512.ConditionalSelect(Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref x, 8), threshold).AsUInt64(), b, b & keep);
        }

        foreach (ref readonly var test in _setTests.AsSpan(tree.FirstSet, tree.SetTests))
        {
            var set = Vector512.Create(test.Set);
            var struck = Vector512.Create(~test.Keep);
            ref var x = ref Unsafe.Add(ref codes, test.Code);
            a &= ~(Vector512.Equals(Vector512.LoadUnsafe(ref x) & set, default) & struck);
            b &= ~(Vector512.Equals(Vector512.LoadUnsafe(ref x, 8) & set, default) & struck);
        }

        Unsafe.SkipInit(out Words words);
        a.StoreUnsafe(ref words[0]);
        b.StoreUnsafe(ref words[8]);
        AddLeaves(tree, words, sums);
    }

    private void Strike256(in Tree tree, ref double slots, ref ulong codes, Span<double> sums)
    {
        var all = Vector256<ulong>.AllBitsSet;
        var (a, b, c, d) = (all, all, all, all);
        foreach (ref readonly var test in _tests.AsSpan(tree.First, tree.Tests))
        {
            var threshold = Vector256.Create(test.Threshold);
            var keep = Vector256.Create(test.Keep);
            ref var x = ref Unsafe.Add(ref slots, test.Slot);
            a &= Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref x), threshold).AsUInt64() | keep;
            b &= Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref x, 4), threshold).AsUInt64() | keep;
            c &= Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref x, 8), threshold).AsUInt64() | keep;
            d &= Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref x, 12), threshold).AsUInt64() | keep;
        }

        foreach (ref readonly var test in _setTests.AsSpan(tree.FirstSet, tree.SetTests))
        {
            var set = Vector256.Create(test.Set);
            var struck = Vector256.Create(~test.Keep);
            ref var x = ref Unsafe.Add(ref codes, test.Code);
            a &= ~(Vector256.Equals(Vector256.LoadUnsafe(ref x) & set, default) & struck);
            b &= ~(Vector256.Equals(Vector256.LoadUnsafe(ref x, 4) & set, default) & struck);
            c &= ~(Vector256.Equals(Vector256.LoadUnsafe(ref x, 8) & set, default) & struck);
            d &= ~(Vector256.Equals(Vector256.LoadUnsafe(ref x, 12) & set, default) & struck);
        }

        Unsafe.SkipInit(out Words words);
        a.StoreUnsafe(ref words[0]);
        b.StoreUnsafe(ref words[4]);
        c.StoreUnsafe(ref words[8]);
        d.StoreUnsafe(ref words[12]);
        AddLeaves(tree, words, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddLeaves(in Tree tree, in Words words, Span<double> sums)
    {
        ref var leaves = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_leaves), tree.Leaves);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        for (var row = 0; row < Rows; row++) Unsafe.Add(ref sum, row) += Unsafe.Add(ref leaves, BitOperations.TrailingZeroCount(words[row]));
    }

    private void Walk(in Tree tree, ref double slots, Span<double> sums, int rows)
    {
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        for (var first = 0; first < rows; first += 8)
        {
            ref var x = ref Unsafe.Add(ref slots, first);
            int a = tree.First, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
            for (var steps = tree.Depth; steps > 0; steps--)
            {
                a = Next(ref nodes, ref x, a, 0);
                b = Next(ref nodes, ref x, b, 1);
                c = Next(ref nodes, ref x, c, 2);
                d = Next(ref nodes, ref x, d, 3);
                e = Next(ref nodes, ref x, e, 4);
                f = Next(ref nodes, ref x, f, 5);
                g = Next(ref nodes, ref x, g, 6);
                h = Next(ref nodes, ref x, h, 7);
            }

            var own = sums.Slice(first, 8);
            own[0] += _leafOf[a];
            own[1] += _leafOf[b];
            own[2] += _leafOf[c];
            own[3] += _leafOf[d];
            own[4] += _leafOf[e];
            own[5] += _leafOf[f];
            own[6] += _leafOf[g];
            own[7] += _leafOf[h];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(ref TreePredictor.Node nodes, ref double slots, int at, int row)
    {
        ref readonly var node = ref Unsafe.Add(ref nodes, at);
        var right = !(Unsafe.Add(ref slots, node.Slot * Rows + row) <= node.Threshold);
        return node.First + Unsafe.BitCast<bool, byte>(right);
    }

    /// <summary>As <see cref="TreePredictor"/> does for one row; rows beyond the block's hold what was there, which nobody reads.</summary>
    private void FillSlots(ReadOnlySpan<double> features, Span<double> slots, int rows)
    {
        slots[..Rows].Clear();
        foreach (ref readonly var number in _numbers.AsSpan())
        {
            var column = features.Slice(number.Feature * Rows, Rows);
            var slot = slots.Slice(number.Slot * Rows, Rows);
            var missing = Vector256.Create(number.Missing);
            var zeroIsMissing = number.ZeroIsMissing ? Vector256<double>.AllBitsSet : default;
            for (var row = 0; row < Rows; row += Vector256<double>.Count)
            {
                var value = Vector256.LoadUnsafe(in column[row]);
                var isZero = Vector256.LessThanOrEqual(Vector256.Abs(value), Vector256.Create(TreePredictor.Zero));
                value = Vector256.AndNot(value, isZero);
                var isMissing = ~Vector256.Equals(value, value) | (isZero & zeroIsMissing);
                Vector256.ConditionalSelect(isMissing, missing, value).StoreUnsafe(ref slot[row]);
            }
        }

        foreach (ref readonly var category in _categories.AsSpan())
        {
            var column = features.Slice(category.Feature * Rows, rows);
            var slot = slots.Slice(category.Slot * Rows, rows);
            var words = _setWords.AsSpan(category.FirstWord, category.WordCount);
            for (var row = 0; row < rows; row++) slot[row] = TreePredictor.IsInSet(column[row], words) ? 0 : 1;
        }
    }

    /// <summary>A category code as its bit; 0 for missing, and for codes that no set of few words can hold.</summary>
    private void FillCodes(ReadOnlySpan<double> features, Span<ulong> codes)
    {
        for (var i = 0; i < _codeColumns.Length; i++)
        {
            var column = features.Slice(_codeColumns[i] * Rows, Rows);
            var bits = codes.Slice(i * Rows, Rows);
            for (var row = 0; row < Rows; row++) bits[row] = column[row] is > -1 and < 64 ? 1UL << (int)column[row] : 0;
        }
    }

    /// <param name="First">Its first test; its root where it is walked.</param>
    /// <param name="Depth">Steps to walk, or -1 for a tree of few leaves.</param>
    internal readonly record struct Tree(int First, int Tests, int FirstSet, int SetTests, int Leaves, int Depth);

    /// <param name="Keep">The leaves that stay when the code is not in the set.</param>
    /// <param name="Code">Place of the code's first row.</param>
    internal readonly record struct SetTest(ulong Set, ulong Keep, int Code);

    /// <param name="Keep">The leaves that stay when the comparison fails.</param>
    /// <param name="Slot">Place of the slot's first row.</param>
    internal readonly record struct Test(double Threshold, ulong Keep, int Slot);

    [InlineArray(Rows)]
    private struct Words
    {
        private ulong _first;
    }
}
