using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Models.Predictors;

/// <summary>Lays the tests of all trees out for <see cref="TreeRowScorer"/>.</summary>
/// <typeparam name="TWord">An unsigned integer with a bit for each leaf of the largest tree.</typeparam>
internal sealed class TreeRowTables<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const int FewestOfBlock = 16;

    /// <summary>A category's rows may always take so much, and more where it has many tests.</summary>
    private const long BytesOfCategory = 64 * 1024;
    private const long BytesOfCategoryTest = 64;

    private readonly uint[] _setWords;

    public TreeRowTables(TreeTests trees, TreeLayout layout, uint[] setWords)
    {
        _setWords = setWords;
        var lanes = Vector256<TWord>.Count;
        Words = (trees.FirstLeaf.Count + lanes - 1) / lanes * lanes;
        // To join a row of words costs about as much as to strike half a block; memory grows with tests, not with tests times trees.
        Block = Math.Max(FewestOfBlock, (int)BitOperations.RoundUpToPowerOf2((uint)(Words / lanes)));
        var tests = trees.Tests.ToArray();
        Array.Sort(tests, static (one, other) => (one.Slot, one.Threshold).CompareTo((other.Slot, other.Threshold)));
        var numbers = layout.Numbers.ToDictionary(number => number.Slot);
        var categories = layout.Categories.ToDictionary(category => category.Slot);
        var ofSets = new List<(TreePredictor.CategorySlot Set, TreeTests.Test[] Tests)>();
        for (var (first, end) = (0, 0); first < tests.Length; first = end)
        {
            while (end < tests.Length && tests[end].Slot == tests[first].Slot) end++;
            if (numbers.TryGetValue(tests[first].Slot, out var number)) AddNumber(number, tests.AsSpan(first..end));
            else ofSets.Add((categories[tests[first].Slot], tests[first..end]));
        }

        foreach (var category in ofSets.GroupBy(set => set.Set.Feature)) AddCategory([.. category]);
    }

    /// <summary>Trees, rounded up to whole vectors.</summary>
    public int Words { get; }

    /// <summary>Tests of a whole block: a power of two.</summary>
    public int Block { get; }

    public List<Number> Numbers { get; } = [];

    public List<Category> Categories { get; } = [];

    /// <summary>Those of categories with too many codes for a row each.</summary>
    public List<Set> Sets { get; } = [];

    /// <summary>By number, ascending, each number's with +∞ behind it up to whole vectors.</summary>
    public List<double> Thresholds { get; } = [];

    /// <summary>By number, the last threshold of each whole block; rounded up like <see cref="Thresholds"/>.</summary>
    public List<double> Ends { get; } = [];

    /// <summary>First those of numbers, at the places of their <see cref="Thresholds"/> (nothing is struck where those are rounded up), then those of <see cref="Sets"/>.</summary>
    public List<Strike> Strikes { get; } = [];

    /// <summary>Rows of <see cref="Words"/> words.</summary>
    public List<TWord> Rows { get; } = [];

    private void AddNumber(TreePredictor.NumberSlot slot, ReadOnlySpan<TreeTests.Test> tests)
    {
        var number = new Number(slot, Thresholds.Count, 0, Ends.Count, tests.Length / Block, Rows.Count);
        var left = NewRow();
        for (var i = 0; i < tests.Length; i++)
        {
            Thresholds.Add(tests[i].Threshold);
            Strikes.Add(StrikeOf(tests[i]));
            left[tests[i].Tree] &= Strikes[^1].Keep;
            if ((i + 1) % Block != 0) continue;
            Ends.Add(tests[i].Threshold);
            Rows.AddRange(left);
        }

        Pad(Ends, double.PositiveInfinity);
        Pad(Thresholds, double.PositiveInfinity);
        Pad(Strikes, new Strike(0, TWord.AllBitsSet));
        Numbers.Add(number with { End = Thresholds.Count });
    }

    /// <param name="sets">The tests of one feature.</param>
    private void AddCategory(List<(TreePredictor.CategorySlot Set, TreeTests.Test[] Tests)> sets)
    {
        var codes = sets.Max(set => set.Set.WordCount) * 32;
        if ((codes + 1L) * Words * Unsafe.SizeOf<TWord>() > Math.Max(BytesOfCategory, BytesOfCategoryTest * sets.Sum(set => set.Tests.Length)))
        {
            foreach (var (set, tests) in sets) AddSet(set, tests);
            return;
        }

        Categories.Add(new Category(sets[0].Set.Feature, codes, Rows.Count));
        for (var code = 0; code <= codes; code++)
        {
            var left = NewRow();
            foreach (var (_, tests) in sets.Where(set => !set.Set.Contains(code, _setWords)))
                foreach (var test in tests) left[test.Tree] &= StrikeOf(test).Keep;
            Rows.AddRange(left);
        }
    }

    private void AddSet(TreePredictor.CategorySlot set, TreeTests.Test[] tests)
    {
        Sets.Add(new Set(set, Strikes.Count, Strikes.Count + tests.Length));
        foreach (var test in tests) Strikes.Add(StrikeOf(test));
    }

    private TWord[] NewRow()
    {
        var row = new TWord[Words];
        row.AsSpan().Fill(TWord.AllBitsSet);
        return row;
    }

    private static Strike StrikeOf(in TreeTests.Test test) => new(test.Tree, TWord.CreateTruncating(test.Keep));

    private static void Pad<T>(List<T> values, T value)
    {
        while (values.Count % Vector256<double>.Count != 0) values.Add(value);
    }

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
