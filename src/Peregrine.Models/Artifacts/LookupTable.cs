using System.Collections;
using System.Text;
using Peregrine.Records;

namespace Peregrine.Models.Artifacts;

/// <summary>A reference table held in memory by a unique text key, of which it may know that it stood in several rows. Immutable and thread-safe.</summary>
public sealed class LookupTable
{
    /// <summary>Most rows of one table, so that a hostile file cannot ask for more: 5,000,000.</summary>
    public const int MaxRows = 5_000_000;

    private const int RowsAStep = 512;
    private const uint Magic = 0x314C4750; // "PGL1"
    private const uint MagicWithRepeats = 0x324C4750; // "PGL2": the same, and behind it the rows whose key stood in several
    private readonly Utf8Table _index; // of the keys
    private readonly int[] _repeated;
    private readonly BitArray? _isRepeated;

    /// <param name="keys">One key per row, distinct and not empty.</param>
    /// <param name="columns">Columns of as many rows.</param>
    /// <param name="repeated">Rows whose key stood in more rows of the data, ascending; null: none.</param>
    /// <exception cref="ModelException">A key is empty or stands twice, or a column's length differs, or the repeated rows are not such.</exception>
    public LookupTable(IReadOnlyList<byte[]> keys, IReadOnlyList<LookupTableColumn> columns, IReadOnlyList<int>? repeated = null)
        : this(Utf8List.Of(keys), columns, repeated)
    {
    }

    private LookupTable(Utf8List keys, IReadOnlyList<LookupTableColumn> columns, IReadOnlyList<int>? repeated)
    {
        if (keys.Count > MaxRows) throw new ModelException($"A lookup table holds at most {MaxRows:N0} rows; this one has {keys.Count:N0}.");
        for (var row = 0; row < keys.Count; row++)
            if (keys[row].IsEmpty) throw new ModelException($"Lookup table: the key of row {row + 1} is empty.");
        try
        {
            _index = new Utf8Table(keys);
        }
        catch (RepeatedKeyException twice)
        {
            throw new ModelException($"Lookup table: the key '{twice.Key}' stands in rows {twice.First + 1} and {twice.Second + 1}; keys must be unique.", twice);
        }

        if (columns.FirstOrDefault(column => column.Rows != keys.Count) is { } uneven)
            throw new ModelException($"Lookup table: column '{uneven.Field.Name}' has {uneven.Rows} rows instead of {keys.Count}.");
        Columns = columns;
        _repeated = [.. repeated ?? []];
        if (_repeated.Length == 0) return;
        _isRepeated = new BitArray(Rows);
        var last = -1;
        foreach (var row in _repeated)
        {
            if (row <= last || row >= Rows) throw new ModelException("Lookup table: the rows of repeated keys are not ascending rows of it.");
            _isRepeated[last = row] = true;
        }
    }

    /// <summary>Keeps the first row of each key.</summary>
    /// <param name="keys">One key per row, not empty.</param>
    /// <param name="columns">Columns of as many rows.</param>
    /// <param name="marksRepeated">Whether the table knows which keys stood in several rows.</param>
    /// <exception cref="ModelException">A key is empty, or a column's length differs.</exception>
    public static LookupTable OfFirstRows(IReadOnlyList<byte[]> keys, IReadOnlyList<LookupTableColumn> columns, bool marksRepeated)
    {
        if (columns.FirstOrDefault(column => column.Rows != keys.Count) is { } uneven)
            throw new ModelException($"Lookup table: column '{uneven.Field.Name}' has {uneven.Rows} rows instead of {keys.Count}.");
        var places = new Dictionary<string, int>(keys.Count, StringComparer.Ordinal);
        var rows = new List<int>(keys.Count);
        var repeated = new SortedSet<int>();
        for (var row = 0; row < keys.Count; row++)
        {
            if (places.TryAdd(Encoding.UTF8.GetString(keys[row]), rows.Count)) rows.Add(row);
            else repeated.Add(places[Encoding.UTF8.GetString(keys[row])]);
        }

        return rows.Count == keys.Count
            ? new(keys, columns)
            : new([.. rows.Select(row => keys[row])], [.. columns.Select(column => column.Take(rows))], marksRepeated ? [.. repeated] : null);
    }

    public int Rows => _index.Count;

    /// <summary>Rows whose key stood in several rows of the data.</summary>
    public int RepeatedRows => _repeated.Length;

    /// <summary>Whether a row's key stood in several rows of the data.</summary>
    public bool IsRepeated(int row) => _isRepeated is not null && _isRepeated[row];

    public IReadOnlyList<LookupTableColumn> Columns { get; }

    /// <summary>The row of a key, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> key) => _index.IndexOf(key);

    public void Write(Stream destination)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(_repeated.Length == 0 ? Magic : MagicWithRepeats);
        writer.Write(Rows);
        writer.Write(Columns.Count);
        for (var row = 0; row < Rows; row++) WriteText(writer, _index[row]);
        foreach (var column in Columns)
        {
            writer.Write(column.Field.Name);
            writer.Write((byte)column.Field.Kind);
            for (var row = 0; row < Rows; row++)
            {
                if (column.Field.Kind == FieldKind.Text) WriteText(writer, column.Text(row));
                else writer.Write(column.Number(row));
            }
        }

        if (_repeated.Length == 0) return;
        writer.Write(_repeated.Length);
        foreach (var row in _repeated) writer.Write(row);
    }

    /// <exception cref="ModelException">The bytes are no lookup table.</exception>
    public static LookupTable Read(Stream source)
    {
        using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
        try
        {
            var magic = reader.ReadUInt32();
            if (magic is not (Magic or MagicWithRepeats)) throw new ModelException("The lookup table does not begin with its mark.");
            var rows = reader.ReadInt32();
            var columnCount = reader.ReadInt32();
            if (rows is < 0 or > MaxRows || columnCount is < 0 or > 10_000) throw new ModelException($"The lookup table claims {rows} rows and {columnCount} columns.");
            var keys = ReadTexts(reader, rows);
            var columns = new List<LookupTableColumn>();
            for (var column = 0; column < columnCount; column++) columns.Add(ReadColumn(reader, rows));
            return new(keys, columns, magic == Magic ? null : ReadRepeated(reader, rows));
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new ModelException("The lookup table ends early or is damaged.", exception);
        }
        catch (OverflowException exception)
        {
            throw new ModelException("A column of the lookup table holds more than 2 GiB of text.", exception);
        }
    }

    private static LookupTableColumn ReadColumn(BinaryReader reader, int rows)
    {
        var field = new Field(reader.ReadString(), (FieldKind)reader.ReadByte());
        if (!Enum.IsDefined(field.Kind)) throw new ModelException($"The lookup table's column '{field.Name}' has an unknown kind.");
        if (field.Kind == FieldKind.Text)
        {
            return new(field, ReadTexts(reader, rows));
        }

        var numbers = new double[rows];
        for (var row = 0; row < rows; row++) numbers[row] = reader.ReadDouble();
        return new(field, numbers);
    }

    private static List<int> ReadRepeated(BinaryReader reader, int rows)
    {
        var count = reader.ReadInt32();
        if (count < 1 || count > rows) throw new ModelException($"The lookup table of {rows} rows claims {count} repeated keys.");
        var repeated = new List<int>();
        for (var i = 0; i < count; i++) repeated.Add(reader.ReadInt32());
        return repeated;
    }

    private static void WriteText(BinaryWriter writer, ReadOnlySpan<byte> text)
    {
        writer.Write7BitEncodedInt(text.Length);
        writer.Write(text);
    }

    private static Utf8List ReadTexts(BinaryReader reader, int rows)
    {
        var texts = new Utf8List.Builder();
        for (var row = 0; row < rows; row++)
        {
            var length = reader.Read7BitEncodedInt();
            if (length is < 0 or > 1 << 20) throw new ModelException("The lookup table holds a text of more than 1 MiB.");
            reader.BaseStream.ReadExactly(texts.Add(length));
            if (row % RowsAStep == 0) LongWork.GiveWay();
        }

        return texts.Build();
    }
}
