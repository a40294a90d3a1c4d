using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Models.Predictors;

/// <summary>Scores one row over trees of few leaves, to the same bits as <see cref="TreePredictor"/>'s walk.</summary>
/// <remarks>
/// No tree is walked (QuickScorer: Lucchese et al., SIGIR 2015). Each tree has a word with a bit per leaf, from left to right; a test that fails strikes out the leaves on its
/// left, and the lowest bit that is left is the leaf. Tests of one number lie together with ascending thresholds, in blocks: those that fail are whole blocks and the
/// first tests of one more. What whole blocks strike out in all trees is kept as a row of words, and so is what each code of a category strikes out; the picked rows are
/// joined in vectors, and only the tests of the one more block are struck one by one.
/// </remarks>
internal abstract class TreeRowScorer
{
    /// <summary>Doubles of scratch that <see cref="Score"/> needs.</summary>
    public abstract int ScratchLength { get; }

    /// <summary>Null when a tree has more than 64 leaves.</summary>
    public static TreeRowScorer? TryMake(TreeLayout layout, uint[] setWords, int outputs)
    {
        var trees = TreeTests.TryRead(layout);
        if (trees is null) return null;
        return trees.MostLeaves <= 32
            ? new TreeRowScorer<uint>(trees, new TreeRowTables<uint>(trees, layout, setWords), setWords, outputs)
            : new TreeRowScorer<ulong>(trees, new TreeRowTables<ulong>(trees, layout, setWords), setWords, outputs);
    }

    /// <param name="scores">Raised by the leaves in the order of the trees. Shape [outputs].</param>
    public abstract void Score(ReadOnlySpan<double> features, Span<double> scratch, Span<double> scores);
}

/// <typeparam name="TWord">An unsigned integer with a bit for each leaf of the largest tree.</typeparam>
internal sealed class TreeRowScorer<TWord>(TreeTests trees, TreeRowTables<TWord> tables, uint[] setWords, int outputs) : TreeRowScorer
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private readonly TreeRowTables<TWord>.Number[] _numbers = tables.Numbers;
    private readonly TreeRowTables<TWord>.Category[] _categories = tables.Categories;
    private readonly TreeRowTables<TWord>.Set[] _sets = tables.Sets;
    private readonly double[] _thresholds = tables.Thresholds;
    private readonly double[] _ends = tables.Ends;
    private readonly TreeRowTables<TWord>.Strike[] _strikes = tables.Strikes;
    private readonly TWord[] _rows = tables.Rows;
    private readonly double[] _leaves = trees.Leaves; // by tree, from left to right
    private readonly int[] _firstLeaf = trees.FirstLeaf;
    private readonly int _words = tables.Words;
    private readonly int _block = tables.Block;

    private int WordsLength => (_words * Unsafe.SizeOf<TWord>() + sizeof(double) - 1) / sizeof(double);

    /// <summary>Words, and for each group of tests a picked row and two ends of the tests to strike.</summary>
    public override int ScratchLength => WordsLength + (3 * (_numbers.Length + _categories.Length + _sets.Length) + 1) / 2;

    public override void Score(ReadOnlySpan<double> features, Span<double> scratch, Span<double> scores)
    {
        var words = MemoryMarshal.Cast<double, TWord>(scratch[..WordsLength])[.._words];
        var work = MemoryMarshal.Cast<double, int>(scratch[WordsLength..]);
        var ranges = work[..(2 * (_numbers.Length + _sets.Length))];
        var rows = work[ranges.Length..];
        var picked = 0;
        var ranged = 0;
        foreach (ref readonly var number in _numbers.AsSpan())
        {
            var value = Vector256.Create(number.Slot.ValueOf(features));
            var blocks = Math.Min(CountFailing(_ends, number.FirstEnd, number.Blocks, value), number.Blocks); // what is behind the last one fails too, with NaN
            if (blocks > 0) rows[picked++] = number.Rows + (blocks - 1) * _words;
            var from = number.First + blocks * _block;
            ranges[ranged++] = from;
            ranges[ranged++] = from + CountFailing(_thresholds, from, Math.Min(_block, number.End - from), value);
        }

        foreach (ref readonly var set in _sets.AsSpan())
        {
            ranges[ranged++] = set.First;
            ranges[ranged++] = set.Slot.Holds(features, setWords) ? set.First : set.End;
        }

        foreach (ref readonly var category in _categories.AsSpan())
        {
            var value = features[category.Feature];
            var code = value > -1 && value < category.Codes ? (int)value : category.Codes;
            rows[picked++] = category.Rows + code * _words;
        }

        Join(words, rows[..picked]);
        Strike(words, ranges[..ranged]);
        AddLeaves(words, scores);
    }

    /// <summary>How many of so many ascending thresholds are too low for the value; all with NaN. Looks at whole vectors: those behind count too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountFailing(double[] thresholds, int first, int count, Vector256<double> value)
    {
        ref var threshold = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(thresholds), first);
        var held = 0;
        var i = 0;
        for (; i < count; i += Vector256<double>.Count)
            held += BitOperations.PopCount(Vector256.LessThanOrEqual(value, Vector256.LoadUnsafe(ref threshold, (nuint)i)).ExtractMostSignificantBits());
        return i - held;
    }

    /// <summary>Writes what all the rows leave.</summary>
    private void Join(Span<TWord> words, ReadOnlySpan<int> rows)
    {
        ref var word = ref MemoryMarshal.GetReference(words);
        ref var table = ref MemoryMarshal.GetArrayDataReference(_rows);
        for (var i = 0; i < words.Length; i += Vector256<TWord>.Count)
        {
            var left = Vector256<TWord>.AllBitsSet;
            foreach (var row in rows) left &= Vector256.LoadUnsafe(ref table, (nuint)(row + i));
            left.StoreUnsafe(ref word, (nuint)i);
        }
    }

    private void Strike(Span<TWord> words, ReadOnlySpan<int> ranges)
    {
        ref var word = ref MemoryMarshal.GetReference(words);
        ref var strikes = ref MemoryMarshal.GetArrayDataReference(_strikes);
        for (var range = 0; range + 1 < ranges.Length; range += 2)
        {
            for (var i = ranges[range]; i < ranges[range + 1]; i++)
            {
                ref readonly var strike = ref Unsafe.Add(ref strikes, i);
                Unsafe.Add(ref word, strike.Tree) &= strike.Keep;
            }
        }
    }

    private void AddLeaves(ReadOnlySpan<TWord> words, Span<double> scores)
    {
        ref var leaves = ref MemoryMarshal.GetArrayDataReference(_leaves);
        for (var output = 0; output < outputs; output++)
        {
            var score = scores[output];
            for (var tree = output; tree < _firstLeaf.Length; tree += outputs)
                score += Unsafe.Add(ref leaves, _firstLeaf[tree] + int.CreateTruncating(TWord.TrailingZeroCount(words[tree])));
            scores[output] = score;
        }
    }
}
