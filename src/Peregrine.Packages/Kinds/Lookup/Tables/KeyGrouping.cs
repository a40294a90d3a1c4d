using System.Numerics;
using Peregrine.Models.Artifacts;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup.Tables;

/// <summary>The rows of a table with those of equal keys together, and the index of their keys.</summary>
/// <param name="Rows">Places in the columns that were given.</param>
/// <param name="Index">By <see cref="KeyHash"/>: the place in <paramref name="Rows"/> of a key's first row and 1, or 0.</param>
internal sealed record KeyGrouping(int[] Rows, int[] Index)
{
    public static KeyGrouping Of(IReadOnlyList<LookupTableColumn> keys)
    {
        var rows = keys[0].Rows;
        var next = new int[rows]; // the next row with the same key, or -1
        var (first, last) = (new List<int>(), new List<int>()); // rows of each key
        var hashes = new List<uint>();
        var slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, rows * 2L))]; // key and 1
        for (var row = 0; row < rows; row++)
        {
            next[row] = -1;
            if (!TryHash(keys, row, out var hash)) continue;
            var at = (int)(hash & (uint)(slots.Length - 1));
            while (slots[at] != 0 && !(hashes[slots[at] - 1] == hash && AreEqual(keys, first[slots[at] - 1], row))) at = (at + 1) & (slots.Length - 1);
            if (slots[at] != 0)
            {
                next[last[slots[at] - 1]] = row;
                last[slots[at] - 1] = row;
                continue;
            }

            first.Add(row);
            last.Add(row);
            hashes.Add(hash);
            slots[at] = first.Count;
        }

        return Order(first, next, hashes);
    }

    private static KeyGrouping Order(List<int> first, int[] next, List<uint> hashes)
    {
        var ordered = new List<int>(next.Length);
        var index = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, first.Count * 2L))];
        for (var key = 0; key < first.Count; key++)
        {
            var at = (int)(hashes[key] & (uint)(index.Length - 1));
            while (index[at] != 0) at = (at + 1) & (index.Length - 1);
            index[at] = ordered.Count + 1;
            for (var row = first[key]; row >= 0; row = next[row]) ordered.Add(row);
        }

        return new KeyGrouping([.. ordered], index);
    }

    private static bool TryHash(IReadOnlyList<LookupTableColumn> keys, int row, out uint hash)
    {
        var state = new KeyHash();
        hash = 0;
        foreach (var key in keys)
        {
            if (key.Field.Kind == FieldKind.Text)
            {
                var text = key.Text(row);
                if (text.IsEmpty) return false;
                state.Add(text);
            }
            else
            {
                var number = key.Number(row);
                if (double.IsNaN(number)) return false;
                state.Add(number);
            }
        }

        hash = state.Value;
        return true;
    }

    private static bool AreEqual(IReadOnlyList<LookupTableColumn> keys, int one, int other)
    {
        foreach (var key in keys)
            if (key.Field.Kind == FieldKind.Text ? !key.Text(one).SequenceEqual(key.Text(other)) : key.Number(one) != key.Number(other)) return false;
        return true;
    }
}
