using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Models.Predictors;

/// <summary>Scores one row over trees of few leaves, to the same bits as <see cref="TreePredictor"/>'s walk.</summary>
/// <remarks>
/// No tree is walked (QuickScorer: Lucchese et al., SIGIR 2015). Each tree has a word with a bit per leaf, from left to right; a test that fails strikes out the leaves on its
/// left, and the lowest bit that is left is the leaf. The tests of a slot lie together with ascending thresholds, so those that fail are its first ones: one search
/// finds how many. What the first tests strike out in all trees is kept as a row of words at every few tests; only the tests since then are struck one by one.
/// </remarks>
internal abstract class TreeRowScorer
{
    /// <summary>Doubles of scratch that <see cref="Score"/> needs.</summary>
    public abstract int ScratchLength { get; }

    /// <summary>Null when a tree has more than 64 leaves.</summary>
    public static TreeRowScorer? TryMake(TreeLayout layout, int outputs)
    {
        var trees = TreeTests.TryRead(layout);
        if (trees is null) return null;
        return trees.MostLeaves <= 32 ? new TreeRowScorer<uint>(trees, outputs) : new TreeRowScorer<ulong>(trees, outputs);
    }

    /// <param name="slots">As nodes compare them.</param>
    /// <param name="scores">Raised by the leaves in the order of the trees. Shape [outputs].</param>
    public abstract void Score(ReadOnlySpan<double> slots, Span<double> scratch, Span<double> scores);
}

/// <typeparam name="TWord">An unsigned integer with a bit for each leaf of the largest tree.</typeparam>
internal sealed class TreeRowScorer<TWord> : TreeRowScorer
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const int FewestBetween = 32;

    private readonly Group[] _groups;
    private readonly double[] _thresholds; // by group, ascending
    private readonly TWord[] _keep; // by test
    private readonly int[] _tree; // by test
    private readonly TWord[] _struck; // rows of words
    private readonly double[] _leaves; // by tree, from left to right
    private readonly int[] _firstLeaf; // by tree
    private readonly int _words; // trees, rounded up to whole vectors
    private readonly int _between; // tests between two rows of words
    private readonly int _outputs;

    public TreeRowScorer(TreeTests trees, int outputs)
    {
        _outputs = outputs;
        _leaves = [.. trees.Leaves];
        _firstLeaf = [.. trees.FirstLeaf];
        var lanes = Vector256<TWord>.Count;
        _words = (_firstLeaf.Length + lanes - 1) / lanes * lanes;
        // Where a row of words costs as much as half the tests between two of them; memory grows with tests, not with tests times trees.
        _between = Math.Max(FewestBetween, _words * 2 / lanes);
        var tests = trees.Tests.OrderBy(test => test.Slot).ThenBy(test => test.Threshold).ToList();
        _thresholds = [.. tests.Select(test => test.Threshold)];
        _keep = [.. tests.Select(test => TWord.CreateTruncating(test.Keep))];
        _tree = [.. tests.Select(test => test.Tree)];
        var struck = new List<TWord>();
        var groups = new List<Group>();
        for (var first = 0; first < tests.Count; first += groups[^1].Tests)
        {
            var slot = tests[first].Slot;
            var end = first + 1;
            while (end < tests.Count && tests[end].Slot == slot) end++;
            groups.Add(new Group(slot, first, end - first, struck.Count));
            AddRows(struck, groups[^1]);
        }

        _groups = [.. groups];
        _struck = [.. struck];
    }

    public override int ScratchLength => (_words * Unsafe.SizeOf<TWord>() + sizeof(double) - 1) / sizeof(double);

    public override void Score(ReadOnlySpan<double> slots, Span<double> scratch, Span<double> scores)
    {
        var words = MemoryMarshal.Cast<double, TWord>(scratch)[.._words];
        words.Fill(TWord.AllBitsSet);
        ref var word = ref MemoryMarshal.GetReference(words);
        foreach (ref readonly var group in _groups.AsSpan())
        {
            var failing = CountFailing(group, slots[group.Slot]);
            var rows = failing / _between;
            if (rows > 0) StrikeRow(ref word, group.Rows + (rows - 1) * _words);
            Strike(ref word, group.First + rows * _between, group.First + failing);
        }

        AddLeaves(words, scores);
    }

    private void AddRows(List<TWord> struck, Group group)
    {
        var row = new TWord[_words];
        row.AsSpan().Fill(TWord.AllBitsSet);
        for (var test = 0; test < group.Tests; test++)
        {
            row[_tree[group.First + test]] &= _keep[group.First + test];
            if ((test + 1) % _between == 0) struck.AddRange(row);
        }
    }

    /// <summary>How many of the first tests do not hold. With NaN none holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CountFailing(in Group group, double value)
    {
        ref var threshold = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_thresholds), group.First);
        var low = 0;
        for (var left = group.Tests; left > 1;)
        {
            var half = left >> 1;
            low += half * Unsafe.BitCast<bool, byte>(!(value <= Unsafe.Add(ref threshold, low + half - 1)));
            left -= half;
        }

        return low + Unsafe.BitCast<bool, byte>(!(value <= Unsafe.Add(ref threshold, low)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StrikeRow(ref TWord word, int from)
    {
        ref var row = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_struck), from);
        for (var i = 0; i < _words; i += Vector256<TWord>.Count)
            (Vector256.LoadUnsafe(ref word, (nuint)i) & Vector256.LoadUnsafe(ref row, (nuint)i)).StoreUnsafe(ref word, (nuint)i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Strike(ref TWord word, int from, int to)
    {
        ref var keep = ref MemoryMarshal.GetArrayDataReference(_keep);
        ref var tree = ref MemoryMarshal.GetArrayDataReference(_tree);
        for (var test = from; test < to; test++) Unsafe.Add(ref word, Unsafe.Add(ref tree, test)) &= Unsafe.Add(ref keep, test);
    }

    private void AddLeaves(ReadOnlySpan<TWord> words, Span<double> scores)
    {
        var output = 0;
        for (var tree = 0; tree < _firstLeaf.Length; tree++)
        {
            scores[output] += _leaves[_firstLeaf[tree] + int.CreateTruncating(TWord.TrailingZeroCount(words[tree]))];
            if (++output == _outputs) output = 0;
        }
    }

    /// <param name="Rows">Where its rows of words begin.</param>
    private readonly record struct Group(int Slot, int First, int Tests, int Rows);
}
