using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Peregrine.Records;

namespace Peregrine.Models.Predictors;

/// <summary>Lays the tests of all trees out for <see cref="TreeRowScorer"/>. Sorts the tests that it is given.</summary>
/// <typeparam name="TWord">An unsigned integer with a bit for each leaf of the largest tree.</typeparam>
internal sealed class TreeRowTables<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const int FewestOfBlock = 16;

    /// <summary>A category's rows may always take so much, and more where it has many tests.</summary>
    private const long BytesOfCategory = 64 * 1024;
    private const long BytesOfCategoryTest = 64;

    private readonly uint[] _setWords;
    private readonly TreeTests.Test[] _tests;
    private readonly Dictionary<int, Range> _places = []; // of each slot's tests
    private int _strikes; // how far each array is filled
    private int _ends;
    private int _rows;

    public TreeRowTables(TreeTests trees, TreeLayout layout, uint[] setWords)
    {
        _setWords = setWords;
        _tests = trees.Tests;
        var lanes = Vector256<TWord>.Count;
        Words = (trees.FirstLeaf.Length + lanes - 1) / lanes * lanes;
        // To join a row of words costs about as much as to strike half a block; memory grows with tests, not with tests times trees.
        Block = Math.Max(FewestOfBlock, (int)BitOperations.RoundUpToPowerOf2((uint)(Words / lanes)));
        Array.Sort(_tests, static (one, other) => one.Slot != other.Slot ? one.Slot.CompareTo(other.Slot) : one.Threshold.CompareTo(other.Threshold));
        LongWork.GiveWay();
        for (var (first, end) = (0, 0); first < _tests.Length; first = end)
        {
            while (end < _tests.Length && _tests[end].Slot == _tests[first].Slot) end++;
            _places.Add(_tests[first].Slot, first..end);
        }

        var categories = layout.Categories.GroupBy(category => category.Feature).ToLookup(HasRows);
        TreePredictor.CategorySlot[] others = [.. categories[false].SelectMany(sets => sets)];
        Thresholds = new double[layout.Numbers.Sum(number => Padded(TestsOf(number.Slot).Length))];
        Ends = new double[layout.Numbers.Sum(number => Padded(TestsOf(number.Slot).Length / Block))];
        Strikes = new Strike[Thresholds.Length + others.Sum(set => TestsOf(set.Slot).Length)];
        Rows = new TWord[Words * (layout.Numbers.Sum(number => TestsOf(number.Slot).Length / Block) + categories[true].Sum(sets => CodesOf(sets) + 1))];
        Thresholds.AsSpan().Fill(double.PositiveInfinity);
        Ends.AsSpan().Fill(double.PositiveInfinity);
        Strikes.AsSpan().Fill(new Strike(0, TWord.AllBitsSet));
        Rows.AsSpan().Fill(TWord.AllBitsSet);
        Numbers = [.. layout.Numbers.Select(AddNumber)];
        Categories = [.. categories[true].Select(AddCategory)];
        Sets = [.. others.Select(AddSet)];
    }

    /// <summary>Trees, rounded up to whole vectors.</summary>
    public int Words { get; }

    /// <summary>Tests of a whole block: a power of two.</summary>
    public int Block { get; }

    public Number[] Numbers { get; }

    public Category[] Categories { get; }

    /// <summary>Those of categories with too many codes for a row each.</summary>
    public Set[] Sets { get; }

    /// <summary>By number, ascending, each number's with +∞ behind it up to whole vectors.</summary>
    public double[] Thresholds { get; }

    /// <summary>By number, the last threshold of each whole block; rounded up like <see cref="Thresholds"/>.</summary>
    public double[] Ends { get; }

    /// <summary>First those of numbers, at the places of their <see cref="Thresholds"/> (nothing is struck where those are rounded up), then those of <see cref="Sets"/>.</summary>
    public Strike[] Strikes { get; }

    /// <summary>Rows of <see cref="Words"/> words.</summary>
    public TWord[] Rows { get; }

    private ReadOnlySpan<TreeTests.Test> TestsOf(int slot) => _tests.AsSpan(_places[slot]);

    /// <param name="sets">Of one category.</param>
    private bool HasRows(IEnumerable<TreePredictor.CategorySlot> sets) =>
        (CodesOf(sets) + 1L) * Words * Unsafe.SizeOf<TWord>() <= Math.Max(BytesOfCategory, BytesOfCategoryTest * sets.Sum(set => TestsOf(set.Slot).Length));

    /// <summary>How many codes the sets of a category tell apart.</summary>
    private static int CodesOf(IEnumerable<TreePredictor.CategorySlot> sets) => 32 * sets.Max(set => set.WordCount);

    private Number AddNumber(TreePredictor.NumberSlot slot)
    {
        var tests = TestsOf(slot.Slot);
        var blocks = tests.Length / Block;
        var number = new Number(slot, _strikes, _strikes + Padded(tests.Length), _ends, blocks, _rows);
        for (var i = 0; i < tests.Length; i++)
        {
            Thresholds[_strikes + i] = tests[i].Threshold;
            Strikes[_strikes + i] = StrikeOf(tests[i]);
        }

        for (var block = 0; block < blocks; block++)
        {
            var row = Rows.AsSpan(_rows + block * Words, Words);
            if (block > 0) Rows.AsSpan(_rows + (block - 1) * Words, Words).CopyTo(row);
            foreach (ref readonly var test in tests.Slice(block * Block, Block)) row[test.Tree] &= StrikeOf(test).Keep;
            Ends[_ends + block] = tests[(block + 1) * Block - 1].Threshold;
        }

        _strikes = number.End;
        _ends += Padded(blocks);
        _rows += blocks * Words;
        LongWork.GiveWay();
        return number;
    }

    private Category AddCategory(IGrouping<int, TreePredictor.CategorySlot> sets)
    {
        var category = new Category(sets.Key, CodesOf(sets), _rows);
        for (var code = 0; code <= category.Codes; code++, _rows += Words)
        {
            var row = Rows.AsSpan(_rows, Words);
            foreach (var set in sets)
            {
                if (set.Contains(code, _setWords)) continue;
                foreach (ref readonly var test in TestsOf(set.Slot)) row[test.Tree] &= StrikeOf(test).Keep;
            }

            LongWork.GiveWay();
        }

        return category;
    }

    private Set AddSet(TreePredictor.CategorySlot slot)
    {
        var set = new Set(slot, _strikes, _strikes + TestsOf(slot.Slot).Length);
        foreach (ref readonly var test in TestsOf(slot.Slot)) Strikes[_strikes++] = StrikeOf(test);
        return set;
    }

    private static Strike StrikeOf(in TreeTests.Test test) => new(test.Tree, TWord.CreateTruncating(test.Keep));

    private static int Padded(int count) => (count + Vector256<double>.Count - 1) / Vector256<double>.Count * Vector256<double>.Count;

    /// <summary>The tests of a number.</summary>
    /// <param name="First">Its first threshold and strike.</param>
    /// <param name="FirstEnd">The end of its first whole block.</param>
    /// <param name="Blocks">Its whole blocks.</param>
    /// <param name="Rows">The row of its first whole block; that of each next one holds what is struck before it too.</param>
    internal readonly record struct Number(TreePredictor.NumberSlot Slot, int First, int End, int FirstEnd, int Blocks, int Rows);

    /// <summary>All tests of a category.</summary>
    /// <param name="Codes">From 0 on, those with rows of their own; one more is for every other value.</param>
    /// <param name="Rows">The row of code 0.</param>
    internal readonly record struct Category(int Feature, int Codes, int Rows);

    /// <summary>The tests that ask for one set of a category's codes.</summary>
    internal readonly record struct Set(TreePredictor.CategorySlot Slot, int First, int End);

    /// <param name="Keep">The leaves that stay when the test does not hold.</param>
    internal readonly record struct Strike(int Tree, TWord Keep);
}
