using System.Buffers.Binary;

namespace Peregrine.Serving.OpenInference.Grpc.Wire;

/// <summary>Reads the wire format of protocol buffers from one piece of memory. Allocates nothing; after a method returned false the message is malformed.</summary>
/// <param name="bytes">The memory; positions are places in it.</param>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes, int start, int end)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Delimited = 2;
    public const int GroupStart = 3;
    public const int GroupEnd = 4;
    public const int Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; } = start;

    public readonly bool IsAtEnd => Position >= end;

    /// <summary>Field number and wire type of the field that stands next.</summary>
    public bool TryTag(out int field, out int wire)
    {
        var good = TryVarint(out var tag) && tag is >= 8 and <= uint.MaxValue;
        field = (int)((uint)tag >> 3);
        wire = (int)(tag & 7);
        return good;
    }

    public bool TryVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && Position < end; shift += 7)
        {
            var next = _bytes[Position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return shift < 63 || next <= 1;
        }

        return false;
    }

    public bool TryFixed64(out ulong value)
    {
        value = 0;
        if (end - Position < sizeof(ulong)) return false;
        value = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[Position..]);
        Position += sizeof(ulong);
        return true;
    }

    public bool TryFixed32(out uint value)
    {
        value = 0;
        if (end - Position < sizeof(uint)) return false;
        value = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[Position..]);
        Position += sizeof(uint);
        return true;
    }

    /// <summary>The stretch of a string, of bytes, of a message or of a packed list; the reader goes behind it.</summary>
    public bool TryDelimited(out int from, out int to)
    {
        from = to = Position;
        if (!TryVarint(out var length) || length > (ulong)(end - Position)) return false;
        from = Position;
        to = Position += (int)length;
        return true;
    }

    /// <summary>Passes over a field's value.</summary>
    public bool TrySkip(int wire) => wire switch
    {
        Varint => TryVarint(out _),
        Fixed64 => TryFixed64(out _),
        Delimited => TryDelimited(out _, out _),
        Fixed32 => TryFixed32(out _),
        GroupStart => TrySkipGroup(),
        _ => false,
    };

    /// <summary>Groups are of an older version of the format; a reader passes over what it does not know all the same.</summary>
    private bool TrySkipGroup()
    {
        for (var depth = 1; depth > 0;)
        {
            if (!TryTag(out _, out var wire)) return false;
            if (wire == GroupStart) depth++;
            else if (wire == GroupEnd) depth--;
            else if (!TrySkip(wire)) return false;
        }

        return true;
    }

    public readonly ReadOnlySpan<byte> Slice(int from, int to) => _bytes[from..to];
}
