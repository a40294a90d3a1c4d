using System.Text;
using Peregrine.Models.Artifacts;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup.Tables;

/// <summary>Makes the file of an <see cref="IndexedTable"/>. The same rows give the same bytes.</summary>
public static class IndexedTableWriter
{
    /// <summary>Rows of equal keys are put together in the order they come; rows that lack a part of their key are left out.</summary>
    /// <param name="keys">One at least.</param>
    /// <param name="columns">Of as many rows, with other names.</param>
    /// <exception cref="ArgumentException">Too many rows or columns, columns of different lengths, a moment beyond the years 1 to 9999, or no row with a key.</exception>
    public static byte[] Write(IReadOnlyList<LookupTableColumn> keys, IReadOnlyList<LookupTableColumn> columns)
    {
        var all = keys.Concat(columns).ToList();
        Check(keys, all);
        var grouping = KeyGrouping.Of(keys);
        if (grouping.Rows.Length == 0) throw new ArgumentException("No row has a key.");
        using var output = new TableOutput();
        WriteHeader(output, grouping, keys.Count, all.Count);
        var encodings = all.ConvertAll(column => EncodingOf(column, grouping.Rows));
        WriteDirectory(output, all, encodings);
        output.Write(grouping.Index);
        for (var column = 0; column < all.Count; column++) WriteColumn(output, all[column], encodings[column], grouping.Rows);
        return output.Close();
    }

    private static void Check(IReadOnlyList<LookupTableColumn> keys, List<LookupTableColumn> all)
    {
        if (keys.Count == 0) throw new ArgumentException("A table needs a key of one column at least.");
        if (all.Count > IndexedTable.MaxColumns) throw new ArgumentException($"A table holds at most {IndexedTable.MaxColumns:N0} columns; this one has {all.Count:N0}.");
        var rows = keys[0].Rows;
        if (rows > IndexedTable.MaxRows) throw new ArgumentException($"A table holds at most {IndexedTable.MaxRows:N0} rows; this one has {rows:N0}.");
        if (all.Find(column => column.Rows != rows) is { } uneven) throw new ArgumentException($"Column '{uneven.Field.Name}' has {uneven.Rows} rows instead of {rows}.");
        if (all.GroupBy(column => column.Field.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Column '{twice.Key}' is named twice.");
        foreach (var column in all)
            if (MomentBeyond(column) is >= 0 and var row) throw new ArgumentException($"Column '{column.Field.Name}' has a moment beyond the years 1 to 9999, in row {row + 1:N0}.");
    }

    /// <summary>The first row with a moment that no table holds, such as the last hour of the year 9999 west of Greenwich; or -1.</summary>
    private static int MomentBeyond(LookupTableColumn column)
    {
        if (column.Field.Kind is not (FieldKind.DateTime or FieldKind.Date)) return -1;
        for (var row = 0; row < column.Rows; row++)
            if (column.Number(row) is < IndexedTable.LeastMoment or > IndexedTable.MostMoment) return row;
        return -1;
    }

    private static void WriteHeader(TableOutput output, KeyGrouping grouping, int keys, int columns)
    {
        Span<int> header = [unchecked((int)IndexedTable.Magic), grouping.Rows.Length, keys, columns, grouping.Index.Length, 0, 0, 0];
        output.Write(header);
    }

    private static void WriteDirectory(TableOutput output, List<LookupTableColumn> columns, List<ColumnEncoding> encodings)
    {
        var directory = new List<byte>();
        for (var column = 0; column < columns.Count; column++)
        {
            var name = Encoding.UTF8.GetBytes(columns[column].Field.Name);
            directory.AddRange([(byte)columns[column].Field.Kind, (byte)encodings[column], (byte)name.Length, (byte)(name.Length >> 8)]);
            directory.AddRange(name);
        }

        output.SetDirectoryLength(directory.Count);
        output.Write([.. directory]);
    }

    private static ColumnEncoding EncodingOf(LookupTableColumn column, int[] rows)
    {
        if (column.Field.Kind == FieldKind.Text) return TextEncodingOf(column, rows);
        var isByte = true;
        foreach (var row in rows)
        {
            var value = column.Number(row);
            if (double.IsNaN(value)) continue;
            if (value != Math.Floor(value) || value is <= int.MinValue or > int.MaxValue || (value == 0 && double.IsNegative(value))) return ColumnEncoding.Doubles;
            isByte &= value is >= 0 and < byte.MaxValue;
        }

        return isByte ? ColumnEncoding.Bytes : ColumnEncoding.Integers;
    }

    /// <summary>Each distinct text once, with a code per row, where that takes less room.</summary>
    private static ColumnEncoding TextEncodingOf(LookupTableColumn column, int[] rows)
    {
        long plain = 4L * rows.Length, distinctBytes = 0;
        var distinct = new HashSet<byte[]>(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var row in rows)
        {
            var text = column.Text(row);
            plain += text.Length;
            if (distinct.Add(text)) distinctBytes += text.Length + 4;
        }

        var (width, coded) = distinct.Set.Count switch
        {
            <= byte.MaxValue + 1 => (1, ColumnEncoding.Codes1), <= ushort.MaxValue + 1 => (2, ColumnEncoding.Codes2), _ => (4, ColumnEncoding.Codes4),
        };
        return distinctBytes + ((long)width * rows.Length) < plain ? coded : ColumnEncoding.Texts;
    }

    private static void WriteColumn(TableOutput output, LookupTableColumn column, ColumnEncoding encoding, int[] rows)
    {
        switch (encoding)
        {
            case ColumnEncoding.Doubles:
                output.Write(Array.ConvertAll(rows, column.Number));
                break;
            case ColumnEncoding.Integers:
                output.Write(Array.ConvertAll(rows, row => double.IsNaN(column.Number(row)) ? int.MinValue : (int)column.Number(row)));
                break;
            case ColumnEncoding.Bytes:
                output.Write(Array.ConvertAll(rows, row => double.IsNaN(column.Number(row)) ? byte.MaxValue : (byte)column.Number(row)));
                break;
            case ColumnEncoding.Texts:
                WriteTexts(output, column.Field.Name, rows.Length, at => column.Text(rows[at]));
                break;
            default:
                WriteCodes(output, column, encoding, rows);
                break;
        }
    }

    private static void WriteCodes(TableOutput output, LookupTableColumn column, ColumnEncoding encoding, int[] rows)
    {
        var places = new Dictionary<byte[], int>(Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        var texts = new List<byte[]>();
        var codes = new int[rows.Length];
        for (var at = 0; at < rows.Length; at++)
        {
            var text = column.Text(rows[at]);
            if (!places.TryGetValue(text, out var place))
            {
                place = texts.Count;
                texts.Add(text.ToArray());
                places[text] = place;
            }

            codes[at] = place;
        }

        output.Write([texts.Count, 0]);
        WriteTexts(output, column.Field.Name, texts.Count, at => texts[at]);
        if (encoding == ColumnEncoding.Codes1) output.Write(Array.ConvertAll(codes, code => (byte)code));
        else if (encoding == ColumnEncoding.Codes2) output.Write(Array.ConvertAll(codes, code => (ushort)code));
        else output.Write(codes);
    }

    private delegate ReadOnlySpan<byte> TextAt(int place);

    private static void WriteTexts(TableOutput output, string name, int count, TextAt textAt)
    {
        var offsets = new int[count + 1];
        var length = 0L;
        for (var at = 0; at < count; at++)
        {
            length += textAt(at).Length;
            if (length > int.MaxValue) throw new ArgumentException($"The texts of column '{name}' take more than 2 GiB.");
            offsets[at + 1] = (int)length;
        }

        output.Write(offsets);
        var arena = new byte[length];
        for (var at = 0; at < count; at++) textAt(at).CopyTo(arena.AsSpan(offsets[at]));
        output.Write(arena);
    }
}
