using Peregrine.Records;

namespace Peregrine.Models.Predictors;

/// <summary>Makes trees of few leaves into lists of tests for <see cref="TreeBlockScorer"/>.</summary>
/// <param name="layout">A leaf leads to itself.</param>
/// <param name="setWords">The category sets of the layout, a bit per code.</param>
/// <param name="mostLeaves">At most 64.</param>
internal sealed class BitTrees(TreeLayout layout, uint[] setWords, int mostLeaves)
{
    private readonly Dictionary<int, TreePredictor.CategorySlot> _categories = layout.Categories.ToDictionary(category => category.Slot);
    private readonly HashSet<int> _walkedSlots = [];
    private readonly TreeMasks _masks = new(layout, mostLeaves);

    public List<TreeBlockScorer.Test> Tests { get; } = new(layout.Count - layout.LeafCount);

    public List<TreeBlockScorer.SetTest> SetTests { get; } = [];

    public List<double> Leaves { get; } = new(layout.LeafCount);

    /// <summary>Feature columns whose category codes are wanted as bits.</summary>
    public List<int> CodeColumns { get; } = [];

    /// <summary>Whether a category test is still made by its slot: its set has codes from 64 on, or a walked tree asks for it.</summary>
    public bool NeedsSlot(TreePredictor.CategorySlot category) => !FitsAWord(category) || _walkedSlots.Contains(category.Slot);

    /// <summary>Adds a tree; one of too many leaves only by its root.</summary>
    public TreeBlockScorer.Tree Add(int root, int depth)
    {
        if (!_masks.TryRead(root))
        {
            NoteSlots(root);
            return new(root, 0, 0, 0, 0, depth);
        }

        var tree = new TreeBlockScorer.Tree(Tests.Count, 0, SetTests.Count, 0, Leaves.Count, -1);
        foreach (var (node, keep) in _masks.Tests) AddTest(node, keep);
        Leaves.AddRange(_masks.Leaves);
        LongWork.GiveWay();
        return tree with { Tests = Tests.Count - tree.First, SetTests = SetTests.Count - tree.FirstSet };
    }

    private static bool FitsAWord(TreePredictor.CategorySlot category) => category.WordCount <= 2;

    private bool IsLeaf(int node) => layout.Nodes[node].First == node;

    private void NoteSlots(int root)
    {
        var open = new Stack<int>([root]);
        while (open.TryPop(out var node))
        {
            if (IsLeaf(node)) continue;
            _walkedSlots.Add(layout.Nodes[node].Slot);
            PushChildren(open, node);
        }
    }

    private void PushChildren(Stack<int> open, int node)
    {
        open.Push(layout.Nodes[node].First);
        open.Push(layout.Nodes[node].First + 1);
    }

    private void AddTest(TreePredictor.Node node, ulong keep)
    {
        if (_categories.TryGetValue(node.Slot, out var category) && FitsAWord(category))
            SetTests.Add(new(SetOf(category), keep, CodeOf(category.Feature) * ScoringBlock.Rows));
        else Tests.Add(new(node.Threshold, keep, node.Slot * ScoringBlock.Rows));
    }

    private ulong SetOf(TreePredictor.CategorySlot category)
    {
        var set = 0UL;
        for (var word = 0; word < category.WordCount; word++) set |= (ulong)setWords[category.FirstWord + word] << (32 * word);
        return set;
    }

    private int CodeOf(int feature)
    {
        var code = CodeColumns.IndexOf(feature);
        if (code >= 0) return code;
        CodeColumns.Add(feature);
        return CodeColumns.Count - 1;
    }
}
