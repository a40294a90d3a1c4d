using System.Buffers.Binary;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup.Tables;

/// <summary>
/// Rows by a key of one or more columns, in one piece of memory that is the file itself: opening it makes no object per row. Rows of equal keys lie together,
/// in the order they came. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// Little endian: mark, rows, key columns, columns, slots of the index (a power of two), length of the directory, length of the file (8 bytes); the directory
/// (kind, encoding and name of each column); the index (open addressing by <see cref="KeyHash"/>; a slot holds a key's first row and 1, or 0); the columns, keys first.
/// Every part begins at a multiple of 8. <see cref="IndexedTableReader"/> checks all that could lead a read astray.
/// </remarks>
public sealed class IndexedTable
{
    /// <summary>Most rows of one table: 20,000,000.</summary>
    public const int MaxRows = 20_000_000;

    /// <summary>Most columns of one table: 1,000.</summary>
    public const int MaxColumns = 1000;

    internal const uint Magic = 0x31544750; // "PGT1"
    internal const int HeaderBytes = 32;

    // Seconds that a moment of the years 1 to 9999 can have.
    internal const double LeastMoment = -62_135_596_800;
    internal const double MostMoment = 253_402_300_799.9999;

    private readonly byte[] _file;
    private readonly int _index;
    private readonly int _mask;

    internal IndexedTable(byte[] file, int rows, int keys, int index, int slots, IReadOnlyList<IndexedColumn> columns)
    {
        _file = file;
        _index = index;
        _mask = slots - 1;
        Rows = rows;
        Keys = [.. columns.Take(keys)];
        Columns = columns;
    }

    public int Rows { get; }

    /// <summary>The columns that make a key together.</summary>
    public IReadOnlyList<IndexedColumn> Keys { get; }

    /// <summary>All columns, those of the key first.</summary>
    public IReadOnlyList<IndexedColumn> Columns { get; }

    /// <summary>Memory that it takes, in bytes; also the length of the file.</summary>
    public long Bytes => _file.Length;

    /// <summary>Opens a table.</summary>
    /// <param name="file">Kept, and not copied.</param>
    /// <exception cref="InvalidDataException">It is no such table; the message says why.</exception>
    public static IndexedTable Open(byte[] file) => IndexedTableReader.Read(file);

    /// <summary>The first row of a key, or -1.</summary>
    /// <param name="key">The values of <see cref="Keys"/> in their order. A key that lacks one is the key of no row.</param>
    /// <param name="several">Whether more rows have that key; they follow that row.</param>
    public int Find(TypedRecord key, out bool several)
    {
        several = false;
        if (!TryHash(key, out var hash)) return -1;
        for (var at = (int)hash & _mask; ; at = (at + 1) & _mask)
        {
            var slot = BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(_index + (at * 4)));
            if (slot == 0) return -1;
            if (!Has(slot - 1, key)) continue;
            several = slot < Rows && Has(slot, key);
            return slot - 1;
        }
    }

    private bool TryHash(TypedRecord key, out uint hash)
    {
        var state = new KeyHash();
        hash = 0;
        for (var slot = 0; slot < Keys.Count; slot++)
        {
            if (Keys[slot].Field.Kind == FieldKind.Text)
            {
                if (!key.TryGetText(slot, out var text)) return false;
                state.Add(text);
            }
            else
            {
                var number = key.Number(slot);
                if (double.IsNaN(number)) return false;
                state.Add(number);
            }
        }

        hash = state.Value;
        return true;
    }

    private bool Has(int row, TypedRecord key)
    {
        for (var slot = 0; slot < Keys.Count; slot++)
        {
            var column = Keys[slot];
            if (column.Field.Kind != FieldKind.Text)
            {
                if (column.Number(row) != key.Number(slot)) return false;
            }
            else if (!key.TryGetText(slot, out var text) || !text.SequenceEqual(column.Text(row))) return false;
        }

        return true;
    }
}
