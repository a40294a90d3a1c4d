using System.Buffers.Binary;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup.Tables;

/// <summary>One column of an <see cref="IndexedTable"/>, read where it lies. Immutable and thread-safe.</summary>
public sealed class IndexedColumn
{
    private readonly byte[] _file;
    private readonly ColumnEncoding _encoding;
    private readonly int _values; // numbers or codes
    private readonly int _offsets; // of texts: one more than there are
    private readonly int _arena;

    /// <param name="values">Where the rows' numbers or codes begin; of <see cref="ColumnEncoding.Texts"/> unused.</param>
    /// <param name="offsets">Where the texts' offsets begin.</param>
    /// <param name="arena">Where the texts begin.</param>
    internal IndexedColumn(Field field, byte[] file, ColumnEncoding encoding, int values, int offsets, int arena)
    {
        Field = field;
        _file = file;
        _encoding = encoding;
        _values = values;
        _offsets = offsets;
        _arena = arena;
    }

    public Field Field { get; }

    /// <summary>The number in a row of a column that holds no text; NaN when missing.</summary>
    public double Number(int row)
    {
        switch (_encoding)
        {
            case ColumnEncoding.Doubles:
                return BinaryPrimitives.ReadDoubleLittleEndian(_file.AsSpan(_values + (row * 8)));
            case ColumnEncoding.Integers:
                var whole = BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(_values + (row * 4)));
                return whole == int.MinValue ? double.NaN : whole;
            default:
                var small = _file[_values + row];
                return small == byte.MaxValue ? double.NaN : small;
        }
    }

    /// <summary>The text in a row of a column that holds text, valid UTF-8; empty when missing.</summary>
    public ReadOnlySpan<byte> Text(int row) => _encoding switch
    {
        ColumnEncoding.Codes1 => TextAt(_file[_values + row]),
        ColumnEncoding.Codes2 => TextAt(BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(_values + (row * 2)))),
        ColumnEncoding.Codes4 => TextAt(BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(_values + (row * 4)))),
        _ => TextAt(row),
    };

    private ReadOnlySpan<byte> TextAt(int place)
    {
        var offsets = _file.AsSpan(_offsets + (place * 4), 8);
        var start = BinaryPrimitives.ReadInt32LittleEndian(offsets);
        return _file.AsSpan(_arena + start, BinaryPrimitives.ReadInt32LittleEndian(offsets[4..]) - start);
    }
}
