using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Peregrine.Records;

/// <summary>
/// An immutable map from UTF-8 keys to their position, 0 to <see cref="Count"/> - 1. Lookups take bytes and allocate nothing.
/// Thread-safe. Key lookups cost O(key length).
/// </summary>
public sealed class Utf8Table
{
    private readonly Utf8List _keys;
    private readonly int[] _slots; // position + 1, 0 = empty; open addressing, load at most 1/2
    private readonly uint[] _hashes;
    private readonly int _mask;

    /// <param name="keys">Distinct keys, in the order of their positions.</param>
    /// <exception cref="RepeatedKeyException">A key stands twice.</exception>
    public Utf8Table(Utf8List keys)
    {
        _keys = keys;
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, keys.Count * 2));
        _mask = capacity - 1;
        _slots = new int[capacity];
        _hashes = new uint[capacity];
        for (var i = 0; i < keys.Count; i++) Insert(i);
    }

    /// <inheritdoc cref="Utf8Table(Utf8List)"/>
    public Utf8Table(IEnumerable<byte[]> keys) : this(Utf8List.Of(keys))
    {
    }

    /// <inheritdoc cref="Utf8Table(Utf8List)"/>
    public Utf8Table(IEnumerable<string> keys) : this(keys.Select(Encoding.UTF8.GetBytes))
    {
    }

    public int Count => _keys.Count;

    /// <summary>The key at a position.</summary>
    public ReadOnlySpan<byte> this[int position] => _keys[position];

    /// <summary>The position of a key, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> key)
    {
        var hash = Hash(key);
        for (var at = (int)hash & _mask; ; at = (at + 1) & _mask)
        {
            var slot = _slots[at];
            if (slot == 0) return -1;
            if (_hashes[at] == hash && key.SequenceEqual(_keys[slot - 1])) return slot - 1;
        }
    }

    /// <inheritdoc cref="IndexOf(ReadOnlySpan{byte})"/>
    public int IndexOf(string key) => IndexOf(Encoding.UTF8.GetBytes(key));

    private void Insert(int position)
    {
        var key = _keys[position];
        var hash = Hash(key);
        var at = (int)hash & _mask;
        for (; _slots[at] != 0; at = (at + 1) & _mask)
        {
            if (_hashes[at] == hash && key.SequenceEqual(_keys[_slots[at] - 1]))
                throw new RepeatedKeyException(Encoding.UTF8.GetString(key), _slots[at] - 1, position);
        }

        _slots[at] = position + 1;
        _hashes[at] = hash;
    }

    private static uint Hash(ReadOnlySpan<byte> key)
    {
        var state = 0x9E3779B97F4A7C15UL ^ (ulong)key.Length;
        while (key.Length >= 8)
        {
            state = Mix(state ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
            key = key[8..];
        }

        var tail = 0UL;
        for (var i = 0; i < key.Length; i++) tail |= (ulong)key[i] << (8 * i);
        state = Mix(state ^ tail);
        return (uint)(state ^ (state >> 32));
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0xD6E8FEB86659FD93UL, out var low);
        return high ^ low;
    }
}
