using System.Numerics;
using System.Text;

namespace Peregrine.Datasets.Tables;

/// <summary>The distinct texts of a column in the order of their first row, as UTF-8 in one arena.</summary>
public sealed class Utf8Dictionary
{
    private byte[] _bytes = new byte[256];
    private int[] _ends = new int[16];
    private uint[] _hashes = new uint[16];
    private int[] _slots = new int[32]; // code + 1, 0 = empty; open addressing, load at most 1/2

    public int Count { get; private set; }

    /// <summary>The text of a code.</summary>
    public ReadOnlySpan<byte> this[int code]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(code, Count);
            var start = code == 0 ? 0 : _ends[code - 1];
            return _bytes.AsSpan(start, _ends[code] - start);
        }
    }

    /// <summary>The text of a code as a string.</summary>
    public string Text(int code) => Encoding.UTF8.GetString(this[code]);

    /// <summary>The code of a text, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> text) => _slots[Find(text, Hash(text))] - 1;

    /// <summary>The code of a text, new when it is seen for the first time.</summary>
    internal int Add(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        var slot = Find(text, hash);
        if (_slots[slot] != 0) return _slots[slot] - 1;
        if ((Count + 1) * 2 > _slots.Length)
        {
            Grow();
            slot = Find(text, hash);
        }

        Append(text, hash);
        _slots[slot] = Count;
        return Count - 1;
    }

    private int Find(ReadOnlySpan<byte> text, uint hash)
    {
        var mask = _slots.Length - 1;
        for (var at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            var code = _slots[at] - 1;
            if (code < 0 || (_hashes[code] == hash && text.SequenceEqual(this[code]))) return at;
        }
    }

    private void Append(ReadOnlySpan<byte> text, uint hash)
    {
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
            Array.Resize(ref _hashes, Count * 2);
        }

        var start = Count == 0 ? 0 : _ends[Count - 1];
        ByteArena.Ensure(ref _bytes, start, text.Length);
        text.CopyTo(_bytes.AsSpan(start));
        _ends[Count] = start + text.Length;
        _hashes[Count++] = hash;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var code = 0; code < Count; code++)
        {
            var at = (int)_hashes[code] & mask;
            while (_slots[at] != 0) at = (at + 1) & mask;
            _slots[at] = code + 1;
        }
    }

    private static uint Hash(ReadOnlySpan<byte> text)
    {
        var state = 0x9E3779B97F4A7C15UL ^ (ulong)text.Length;
        while (text.Length >= 8)
        {
            state = BitOperations.RotateLeft((state ^ BitConverter.ToUInt64(text)) * 0xD6E8FEB86659FD93UL, 31);
            text = text[8..];
        }

        foreach (var b in text) state = (state ^ b) * 0x100000001B3UL;
        state *= 0x9FB21C651E98DF25UL;
        return (uint)(state >> 32);
    }
}
