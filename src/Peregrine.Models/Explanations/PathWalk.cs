using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Models.Explanations;

/// <summary>
/// Shapley values of one tree by two passes over its positions, O(positions · quadrature nodes): down the products of the paths' factors, up the sums of the
/// leaves behind each position. For trees too large for <see cref="RowTables"/>.
/// </summary>
/// <remarks>
/// A path's factor of a field is o·t + z·(1 - t): o is 1 when the row passes all its splits on the field, z the share of rows that do. A leaf of value
/// w gives its field i the integral of w (o - z) times the factors of the other fields. The sums over leaves share the divisions (Linear TreeSHAP,
/// arXiv:2209.08192), and a factor is never 0 within (0, 1). Where a path tests a field again, what the upper split has counted for the leaves below is taken back.
/// </remarks>
internal sealed class PathWalk(TreePositions trees, Quadrature quadrature)
{
    /// <summary>Doubles of scratch for a tree of so many positions.</summary>
    public int ScratchLength(int positions) => positions * (quadrature.Vectors * Vector256<double>.Count + 1);

    /// <param name="first">The tree's root.</param>
    /// <param name="end">Behind its last position.</param>
    /// <param name="influences">Shape [fields]; added to.</param>
    public void Add(int first, int end, ReadOnlySpan<double> slots, Span<double> scratch, Span<double> influences)
    {
        var count = end - first;
        if (count == 1) return;
        var passed = scratch[..count];
        var sums = MemoryMarshal.Cast<double, Vector256<double>>(scratch[count..])[..(count * quadrature.Vectors)];
        Descend(first, end, slots, passed, sums);
        Ascend(first, end, passed, sums, influences);
    }

    private void Descend(int first, int end, ReadOnlySpan<double> slots, Span<double> passed, Span<Vector256<double>> products)
    {
        var vectors = quadrature.Vectors;
        products[..vectors].Fill(Vector256<double>.One);
        for (var at = first + 1; at < end; at++)
        {
            var (parent, previous) = (trees.Parent[at], trees.Previous[at]);
            var isHere = (slots[trees.Slot[parent]] <= trees.Value[parent]) == (at == parent + 1);
            var pass = isHere && (previous < 0 || passed[previous - first] != 0) ? 1.0 : 0.0;
            passed[at - first] = pass;
            var mine = products.Slice((at - first) * vectors, vectors);
            var above = products.Slice((parent - first) * vectors, vectors);
            for (var v = 0; v < vectors; v++)
            {
                var product = above[v] * Factor(at, pass, v);
                mine[v] = previous < 0 ? product : product / Factor(previous, passed[previous - first], v);
            }
        }
    }

    private void Ascend(int first, int end, ReadOnlySpan<double> passed, Span<Vector256<double>> sums, Span<double> influences)
    {
        var vectors = quadrature.Vectors;
        for (var at = end - 1; at > first; at--)
        {
            var mine = sums.Slice((at - first) * vectors, vectors);
            if (trees.IsLeaf(at))
                for (var v = 0; v < vectors; v++) mine[v] *= trees.Value[at];
            var influence = Integral(at, passed[at - first], mine);
            if (trees.Previous[at] is >= 0 and var previous) influence -= Integral(previous, passed[previous - first], mine);
            influences[trees.Field[at]] += influence;
            var parent = trees.Parent[at];
            var above = sums.Slice((parent - first) * vectors, vectors);

            // The right child comes first on the way up: it starts the sum, the left one completes it.
            if (at == parent + 1)
                for (var v = 0; v < vectors; v++) above[v] += mine[v];
            else
                mine.CopyTo(above);
        }
    }

    /// <summary>(o - z) · ∫ sum / factor.</summary>
    private double Integral(int at, double pass, ReadOnlySpan<Vector256<double>> sum)
    {
        var total = Vector256<double>.Zero;
        for (var v = 0; v < sum.Length; v++) total += quadrature.Weights[v] * sum[v] / Factor(at, pass, v);
        return (pass - trees.Reach[at]) * Vector256.Sum(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Factor(int at, double pass, int v) => quadrature.Nodes[v] * pass + quadrature.Opposites[v] * trees.Reach[at];
}
