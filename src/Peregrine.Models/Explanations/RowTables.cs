using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Peregrine.Models.Explanations;

/// <summary>
/// Shapley values by look-up: a tree's decisions as one word, and for each of its <see cref="RowGroups"/> a table from the bits that matter there to the
/// influences of the group's leaves.
/// </summary>
/// <remarks>
/// Rows are computed when first met and kept; so a table takes memory only for rows that occur, and none of the many that cannot (x &lt;= 3 but not x &lt;= 5). An
/// empty row starts with the bits of 0.0; a first value of 0 is kept as -0.0, which adds nothing either. Rows are published by writing their
/// first value last, and threads that compute the same row write the same bits.
/// </remarks>
internal sealed class RowTables
{
    private const int MostWidth = 64;

    private readonly SparseNumbers _rows;
    private readonly Tree[] _trees;
    private readonly int[] _slots;
    private readonly double[] _thresholds;
    private readonly Test[] _paths;
    private readonly Group[] _groups;
    private readonly Members[] _members;
    private readonly int[] _fields;
    private readonly Leaf[] _leaves;
    private readonly Condition[] _conditions;
    private readonly Quadrature _quadrature;

    internal RowTables(RowTablesBuilder parts, Quadrature quadrature)
    {
        _rows = new SparseNumbers(parts.Doubles);
        _trees = [.. parts.Trees];
        (_slots, _thresholds, _paths) = ([.. parts.Slots], [.. parts.Thresholds], [.. parts.Paths]);
        (_leaves, _conditions) = ([.. parts.Leaves], [.. parts.Conditions]);
        var groups = parts.Groups.OrderBy(group => group.Table.Width).ToList();
        _groups = [.. groups.Select(group => group.Table)];
        _members = [.. groups.Select(group => group.Members)];
        _fields = [.. groups.SelectMany(group => group.Fields)];
        _quadrature = quadrature;
    }

    /// <summary>What all rows take once each has occurred.</summary>
    public long Bytes => (long)_rows.Count * sizeof(double);

    /// <summary>Doubles of scratch for <see cref="Add"/>.</summary>
    public int ScratchLength => 2 * _trees.Length + _groups.Length;

    /// <summary>Adds the influences of all its trees.</summary>
    /// <param name="slots">The row's columns as nodes compare them.</param>
    /// <param name="scratch">Shape [<see cref="ScratchLength"/>].</param>
    /// <param name="influences">Shape [fields].</param>
    /// <remarks>In phases, so that look-ups wait for memory together; groups stand in the order of their width, so that their loops end where the last one did.</remarks>
    public void Add(ReadOnlySpan<double> slots, Span<double> scratch, Span<double> influences)
    {
        var words = MemoryMarshal.Cast<double, ulong>(scratch[..(2 * _trees.Length)]);
        var places = MemoryMarshal.Cast<double, long>(scratch.Slice(words.Length, _groups.Length));
        Decide(slots, words);
        Find(words, places);
        Sum(words, places, influences);
        GC.KeepAlive(_rows);
    }

    /// <summary>Two words per tree: bit i of the first is 1 when node i sends the row left, bit i of the second when the row passes all splits of path i.</summary>
    private void Decide(ReadOnlySpan<double> slots, Span<ulong> words)
    {
        ref var slot = ref MemoryMarshal.GetReference(slots);
        for (var i = 0; i < _trees.Length; i++)
        {
            ref readonly var tree = ref _trees[i];
            var word = Decide(tree, ref slot);
            words[2 * i] = word;
            words[2 * i + 1] = Pass(tree, word);
        }
    }

    /// <summary>Where each group's row is, in <see cref="_rows"/>.</summary>
    private void Find(ReadOnlySpan<ulong> words, Span<long> places)
    {
        ref var rows = ref _rows.First;
        ref var word = ref MemoryMarshal.GetReference(words);
        for (var i = 0; i < _groups.Length; i++)
        {
            ref readonly var group = ref _groups[i];
            ref var mine = ref Unsafe.Add(ref word, group.Word);
            var row = Extract(mine, group.Nodes) | (Extract(Unsafe.Add(ref mine, 1), group.Paths) << group.Shift);
            var place = group.First + (long)row * group.Width;
            places[i] = place;
            Prefetch(ref Unsafe.Add(ref rows, (nint)place));
        }
    }

    private void Sum(ReadOnlySpan<ulong> words, ReadOnlySpan<long> places, Span<double> influences)
    {
        ref var rows = ref _rows.First;
        ref var field = ref MemoryMarshal.GetArrayDataReference(_fields);
        ref var influence = ref MemoryMarshal.GetReference(influences);
        for (var i = 0; i < _groups.Length; i++)
        {
            ref var row = ref Unsafe.Add(ref rows, (nint)places[i]);
            if (Volatile.Read(ref Unsafe.As<double, long>(ref row)) == 0) Compute(i, words[_groups[i].Word], ref row);
            var width = (int)_groups[i].Width;
            for (var column = 0; column < width; column++) Unsafe.Add(ref influence, Unsafe.Add(ref field, column)) += Unsafe.Add(ref row, column);
            field = ref Unsafe.Add(ref field, width);
        }
    }

    private static unsafe void Prefetch(ref double row)
    {
        // An address that the collector moves away costs a useless prefetch, nothing else.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref row));
    }

    /// <summary>Bit i is 1 when the tree's node i sends the row left.</summary>
    private ulong Decide(in Tree tree, ref double slot)
    {
        ref var number = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), tree.FirstNode);
        ref var threshold = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_thresholds), tree.FirstNode);
        var word = 0UL;
        for (var i = 0; i < tree.Nodes; i++)
        {
            var left = Unsafe.Add(ref slot, Unsafe.Add(ref number, i)) <= Unsafe.Add(ref threshold, i);
            word |= (ulong)Unsafe.BitCast<bool, byte>(left) << i;
        }

        return word;
    }

    /// <summary>Bit i is 1 when the row passes all splits of the tree's path i.</summary>
    private ulong Pass(in Tree tree, ulong word)
    {
        var passed = 0UL;
        var i = 0;
        foreach (ref readonly var path in _paths.AsSpan(tree.FirstPath, tree.Paths))
            passed |= (ulong)Unsafe.BitCast<bool, byte>((word & path.Mask) == path.Expected) << i++;
        return passed;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Compute(int at, ulong word, ref double row)
    {
        var group = _members[at];
        var width = _groups[at].Width;
        Span<double> sums = stackalloc double[MostWidth];
        sums[..width].Clear();
        foreach (ref readonly var leaf in _leaves.AsSpan(group.FirstLeaf, group.Leaves)) AddLeaf(leaf, word, sums);
        for (var i = 1; i < width; i++) Unsafe.Add(ref row, i) = sums[i];
        Volatile.Write(ref row, sums[0] == 0 ? -0.0 : sums[0]);
    }

    /// <summary>value · (o - z) · ∫ of the other fields' factors, for each field of the leaf's path; see <see cref="PathWalk"/>.</summary>
    private void AddLeaf(in Leaf leaf, ulong word, Span<double> sums)
    {
        var conditions = _conditions.AsSpan(leaf.FirstCondition, leaf.Conditions);
        for (var v = 0; v < _quadrature.Vectors; v++)
        {
            var product = _quadrature.Weights[v] * leaf.Value;
            foreach (ref readonly var condition in conditions) product *= Factor(condition, word, v);
            foreach (ref readonly var condition in conditions)
            {
                var pass = condition.Pass(word);
                sums[condition.Column] += (pass - condition.Reach) * Vector256.Sum(product / Factor(condition, word, v));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Factor(in Condition condition, ulong word, int v) =>
        _quadrature.Nodes[v] * condition.Pass(word) + _quadrature.Opposites[v] * condition.Reach;

    /// <summary>The bits of a word that stand in the mask, moved together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Extract(ulong word, ulong mask)
    {
        if (Bmi2.X64.IsSupported) return Bmi2.X64.ParallelBitExtract(word, mask);
        return ExtractPlainly(word, mask);
    }

    internal static ulong ExtractPlainly(ulong word, ulong mask)
    {
        var bits = 0UL;
        for (var i = 0; mask != 0; i++, mask &= mask - 1)
            if ((word & mask & (0 - mask)) != 0) bits |= 1UL << i;
        return bits;
    }

    internal readonly record struct Tree(int FirstNode, int Nodes, int FirstPath, int Paths);

    /// <summary>Holds when the decisions under the mask are the expected ones.</summary>
    internal readonly record struct Test(ulong Mask, ulong Expected);

    /// <param name="Nodes">Decisions that are bits of the row's number.</param>
    /// <param name="Paths">Passed paths that are the bits behind them, from <paramref name="Shift"/> on.</param>
    /// <param name="First">Where its table begins.</param>
    /// <param name="Word">The place of its tree's words.</param>
    /// <param name="Width">Fields in a row.</param>
    internal readonly record struct Group(ulong Nodes, ulong Paths, int First, int Word, byte Shift, byte Width);

    /// <summary>The leaves of a group.</summary>
    internal readonly record struct Members(int FirstLeaf, int Leaves);

    internal readonly record struct Leaf(double Value, int FirstCondition, int Conditions);

    /// <summary>All splits of a path on one field.</summary>
    /// <param name="Reach">The share of training rows that pass them.</param>
    /// <param name="Column">The field's place in the group's rows.</param>
    internal readonly record struct Condition(ulong Mask, ulong Expected, double Reach, int Column)
    {
        public double Pass(ulong word) => (word & Mask) == Expected ? 1 : 0;
    }
}
