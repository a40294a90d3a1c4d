using System.Numerics;

namespace Peregrine.Models.Explanations;

/// <summary>
/// Cuts one tree into subtrees whose influences depend on few bits: which fields pass the splits above the subtree, and how each node in it decides. A subtree of
/// b bits is a table of 2^b rows; joining two subtrees saves a look-up and often memory too.
/// </summary>
internal sealed class RowGroups
{
    /// <summary>Most nodes of a tree: their decisions are one word.</summary>
    public const int MostNodes = 64;

    /// <summary>Most bits of a table that is made larger than need be, to save look-ups.</summary>
    public const int MostWantedBits = 12;

    private const int MostBits = 14;

    private readonly TreePositions _trees;
    private readonly int _first;
    private readonly int _end;
    private readonly ulong[] _above;
    private readonly ulong[] _below;
    private readonly int[] _nodes;

    private RowGroups(TreePositions trees, int first, int end)
    {
        (_trees, _first, _end) = (trees, first, end);
        var count = end - first;
        (_above, _below, _nodes) = (new ulong[count], new ulong[count], new int[count]);
        var fields = new Dictionary<int, int>();
        for (var at = first + 1; at < end; at++)
        {
            if (!fields.TryGetValue(trees.Field[at], out var bit)) fields[trees.Field[at]] = bit = fields.Count;
            _above[at - first] = _above[trees.Parent[at] - first] | (1UL << bit);
        }

        for (var at = end - 1; at > first; at--)
        {
            var parent = trees.Parent[at] - first;
            if (!trees.IsLeaf(at)) _nodes[at - first]++;
            _nodes[parent] += _nodes[at - first];
            _below[parent] |= _below[at - first] | (1UL << fields[trees.Field[at]]);
        }

        _nodes[0]++;
    }

    /// <summary>Null when the tree has too many nodes, or leaves that depend on too many fields.</summary>
    public static RowGroups? Of(TreePositions trees, int first, int end)
    {
        // A binary tree: 64 nodes have 65 leaves.
        if (end - first > 2 * MostNodes + 1) return null;
        var groups = new RowGroups(trees, first, end);
        for (var at = first; at < end; at++)
            if (trees.IsLeaf(at) && groups.Bits(at) > MostBits) return null;
        return groups;
    }

    /// <summary>The roots of the subtrees, in preorder, and the doubles that their tables hold.</summary>
    /// <param name="wantedBits">Up to so many bits, subtrees are joined whatever it costs.</param>
    public (List<int> Roots, long Doubles) Cut(int wantedBits)
    {
        var best = new long[_end - _first];
        var joined = new bool[_end - _first];
        for (var at = _end - 1; at >= _first; at--)
        {
            var mine = at - _first;
            joined[mine] = true;
            best[mine] = Bits(at) <= MostBits ? Doubles(at) : long.MaxValue;
            if (_trees.IsLeaf(at)) continue;
            var apart = best[mine + 1] + best[_trees.Right[at] - _first];
            if (Bits(at) <= wantedBits || best[mine] <= apart) continue;
            joined[mine] = false;
            best[mine] = apart;
        }

        var roots = new List<int>();
        Collect(joined, roots);
        return (roots, best[0]);
    }

    private void Collect(bool[] joined, List<int> roots)
    {
        for (var at = _first; at < _end;)
        {
            if (!joined[at - _first])
            {
                at++;
                continue;
            }

            roots.Add(at);
            at += 2 * _nodes[at - _first] + 1;
        }
    }

    private int Bits(int at) => BitOperations.PopCount(_above[at - _first]) + _nodes[at - _first];

    private long Doubles(int at) => (long)BitOperations.PopCount(_above[at - _first] | _below[at - _first]) << Bits(at);
}
