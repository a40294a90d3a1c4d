using System.Buffers.Binary;

namespace Peregrine.Packages.Kinds.Lookup.Tables;

/// <summary>The file of a table on its way: parts in little endian, each at a multiple of 8.</summary>
internal sealed class TableOutput : IDisposable
{
    private readonly MemoryStream _stream = new();

    public void Write(ReadOnlySpan<byte> part)
    {
        while ((_stream.Length & 7) != 0) _stream.WriteByte(0);
        if (_stream.Length + part.Length > Array.MaxLength) throw new ArgumentException("The table takes more than 2 GiB.");
        _stream.Write(part);
    }

    public void Write(ReadOnlySpan<ushort> part)
    {
        var bytes = new byte[part.Length * 2];
        for (var at = 0; at < part.Length; at++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at * 2), part[at]);
        Write(bytes);
    }

    public void Write(ReadOnlySpan<int> part)
    {
        var bytes = new byte[part.Length * 4L];
        for (var at = 0; at < part.Length; at++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at * 4), part[at]);
        Write(bytes);
    }

    public void Write(ReadOnlySpan<double> part)
    {
        var bytes = new byte[part.Length * 8L];
        for (var at = 0; at < part.Length; at++) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at * 8), part[at]);
        Write(bytes);
    }

    public void SetDirectoryLength(int bytes) => SetInteger(20, bytes);

    public byte[] Close()
    {
        SetInteger(24, (int)_stream.Length);
        return _stream.ToArray();
    }

    public void Dispose() => _stream.Dispose();

    private void SetInteger(int place, int value)
    {
        var end = _stream.Position;
        _stream.Position = place;
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _stream.Write(bytes);
        _stream.Position = end;
    }
}
