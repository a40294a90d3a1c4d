using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup.Tables;

/// <summary>Opens the file of an <see cref="IndexedTable"/>: one pass over its integers and its texts, and no object per row.</summary>
internal ref struct IndexedTableReader
{
    private readonly byte[] _file;
    private readonly int _rows;
    private int _at = IndexedTable.HeaderBytes;

    private IndexedTableReader(byte[] file, int rows)
    {
        _file = file;
        _rows = rows;
    }

    /// <inheritdoc cref="IndexedTable.Open"/>
    public static IndexedTable Read(byte[] file)
    {
        if (file.Length < IndexedTable.HeaderBytes || Int(file, 0) != unchecked((int)IndexedTable.Magic)) throw Bad("it does not begin with its mark");
        int rows = Int(file, 4), keys = Int(file, 8), columns = Int(file, 12), slots = Int(file, 16), directory = Int(file, 20);
        if (BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(24)) != file.Length) throw Bad("it is cut short, or longer than it says");
        if (rows is < 1 or > IndexedTable.MaxRows || columns is < 1 or > IndexedTable.MaxColumns || keys < 1 || keys > columns)
            throw Bad($"it claims {rows} rows and {keys} keys of {columns} columns");
        if (slots <= 0 || !BitOperations.IsPow2(slots)) throw Bad($"it claims an index of {slots} slots");
        var reader = new IndexedTableReader(file, rows);
        var fields = reader.ReadDirectory(columns, directory);
        var index = reader.ReadIndex(slots);
        var read = new List<IndexedColumn>(columns);
        foreach (var (field, encoding) in fields)
        {
            read.Add(reader.ReadColumn(field, encoding));
            LongWork.GiveWay();
        }

        if (reader._at != file.Length) throw Bad("bytes follow its last column");
        return new IndexedTable(file, rows, keys, index, slots, read);
    }

    private List<(Field, ColumnEncoding)> ReadDirectory(int columns, int bytes)
    {
        var place = Take(1, bytes);
        var left = _file.AsSpan(place, bytes);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var fields = new List<(Field, ColumnEncoding)>(columns);
        for (var column = 0; column < columns; column++)
        {
            if (left.Length < 4) throw Bad("its directory is too short");
            var (kind, encoding) = ((FieldKind)left[0], (ColumnEncoding)left[1]);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(left[2..]);
            left = left[4..];
            if (length == 0 || length > left.Length || !Utf8.IsValid(left[..length])) throw Bad($"the name of column {column} is damaged");
            var name = Encoding.UTF8.GetString(left[..length]);
            left = left[length..];
            if (!Enum.IsDefined(kind) || !Enum.IsDefined(encoding) || (kind == FieldKind.Text) != (encoding >= ColumnEncoding.Texts))
                throw Bad($"column '{name}' is of kind {(int)kind} and stored as {(int)encoding}");
            if (!names.Add(name)) throw Bad($"column '{name}' stands twice");
            fields.Add((new Field(name, kind), encoding));
        }

        return left.IsEmpty ? fields : throw Bad("its directory is too long");
    }

    /// <summary>Every slot leads to a row, and one is free, at which the search for an unknown key ends.</summary>
    private int ReadIndex(int slots)
    {
        var place = Take(4, slots);
        var free = 0;
        for (var slot = 0; slot < slots; slot++)
        {
            var row = Int(_file, place + (slot * 4));
            if (row < 0 || row > _rows) throw Bad($"slot {slot} of the index leads to row {row} of {_rows}");
            if (row == 0) free++;
        }

        return free > 0 ? place : throw Bad("its index has no free slot");
    }

    private IndexedColumn ReadColumn(Field field, ColumnEncoding encoding)
    {
        switch (encoding)
        {
            case ColumnEncoding.Doubles:
                return Checked(new IndexedColumn(field, _file, encoding, Take(8, _rows), 0, 0));
            case ColumnEncoding.Integers:
                return Checked(new IndexedColumn(field, _file, encoding, Take(4, _rows), 0, 0));
            case ColumnEncoding.Bytes:
                return Checked(new IndexedColumn(field, _file, encoding, Take(1, _rows), 0, 0));
            case ColumnEncoding.Texts:
                var (offsets, arena) = ReadTexts(field, _rows);
                return new IndexedColumn(field, _file, encoding, 0, offsets, arena);
            default:
                return ReadCodes(field, encoding);
        }
    }

    private IndexedColumn ReadCodes(Field field, ColumnEncoding encoding)
    {
        var texts = Int(_file, Take(4, 2)); // and four bytes of nothing
        if (texts < 1 || texts > _rows) throw Bad($"column '{field.Name}' claims {texts} distinct texts");
        var (offsets, arena) = ReadTexts(field, texts);
        var width = encoding switch { ColumnEncoding.Codes1 => 1, ColumnEncoding.Codes2 => 2, _ => 4 };
        var values = Take(width, _rows);
        for (var row = 0; row < _rows; row++)
        {
            var code = width switch { 1 => _file[values + row], 2 => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(values + (row * 2))), _ => Int(_file, values + (row * 4)) };
            if (code < 0 || code >= texts) throw Bad($"row {row} of column '{field.Name}' names text {code} of {texts}");
        }

        return new IndexedColumn(field, _file, encoding, values, offsets, arena);
    }

    /// <summary>Offsets that rise from 0 to the length of the texts, each at the beginning of a character.</summary>
    private (int Offsets, int Arena) ReadTexts(Field field, int count)
    {
        var offsets = Take(4, count + 1);
        var length = Int(_file, offsets + (count * 4));
        if (Int(_file, offsets) != 0 || length < 0) throw Bad($"the texts of column '{field.Name}' do not begin at 0");
        var arena = Take(1, length);
        var texts = _file.AsSpan(arena, length);
        if (!Utf8.IsValid(texts)) throw Bad($"the texts of column '{field.Name}' are not UTF-8");
        var last = 0;
        for (var text = 1; text <= count; text++)
        {
            var offset = Int(_file, offsets + (text * 4));
            if (offset < last || offset > length || (offset < length && (texts[offset] & 0xC0) == 0x80)) throw Bad($"text {text} of column '{field.Name}' begins at {offset}");
            last = offset;
        }

        return (offsets, arena);
    }

    /// <summary>Numbers can be anything; moments must be some that there are.</summary>
    private readonly IndexedColumn Checked(IndexedColumn column)
    {
        if (column.Field.Kind is not (FieldKind.DateTime or FieldKind.Date)) return column;
        for (var row = 0; row < _rows; row++)
            if (column.Number(row) is < IndexedTable.LeastMoment or > IndexedTable.MostMoment) throw Bad($"row {row} of column '{column.Field.Name}' is no moment");
        return column;
    }

    /// <summary>The place of the next part; the one behind it begins at a multiple of 8.</summary>
    private int Take(int width, int count)
    {
        var end = _at + ((long)width * count);
        if (count < 0 || end > _file.Length) throw Bad("it is cut short");
        var place = _at;
        _at = (int)Math.Min((end + 7) & ~7L, _file.Length);
        return place;
    }

    private static int Int(byte[] file, int place) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(place));

    private static InvalidDataException Bad(string what) => new($"The table cannot be used: {what}.");
}
