using System.Buffers.Binary;

namespace Peregrine.Packages.Kinds.Lookup.Tables;

/// <summary>The hash of a key of several values. It is part of the table's format: the index on disk is made by it, so it never changes.</summary>
internal struct KeyHash()
{
    private ulong _state = 0x9E3779B97F4A7C15UL;

    public readonly uint Value => (uint)(_state ^ (_state >> 32));

    public void Add(ReadOnlySpan<byte> text)
    {
        _state = Mix(_state ^ (ulong)text.Length);
        while (text.Length >= 8)
        {
            _state = Mix(_state ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[8..];
        }

        var tail = 0UL;
        for (var i = 0; i < text.Length; i++) tail |= (ulong)text[i] << (8 * i);
        _state = Mix(_state ^ tail ^ 0xA5UL);
    }

    /// <param name="number">Not missing. Both zeros hash alike, as they are equal.</param>
    public void Add(double number) => _state = Mix(_state ^ BitConverter.DoubleToUInt64Bits(number == 0 ? 0 : number) ^ 0x5AUL);

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0xD6E8FEB86659FD93UL, out var low);
        return high ^ low ^ 0x9E3779B97F4A7C15UL;
    }
}
