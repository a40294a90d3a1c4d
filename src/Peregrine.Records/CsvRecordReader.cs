using System.Text;

namespace Peregrine.Records;

/// <summary>What <see cref="CsvRecordReader.Read"/> found.</summary>
public enum CsvRow
{
    /// <summary>The record is bound.</summary>
    Record,

    /// <summary>The text is over; the position stands behind its last whole record.</summary>
    End,

    /// <summary>The record cannot be bound; the scanner stands behind it.</summary>
    Faulty,

    /// <summary>The quotes are wrong, so nobody can say where the next record begins.</summary>
    Broken,
}

/// <summary>Where a cell lies in the text that was scanned.</summary>
public readonly record struct CsvPlace(int Start, int Length, bool Escaped);

/// <summary>Why a CSV record cannot be bound.</summary>
/// <param name="Code">What is wrong. <see cref="RecordFaultCode.Malformed"/>: the number of cells, or the quotes.</param>
/// <param name="Slot">The field's slot, or -1.</param>
/// <param name="Line">The line where the record begins, from 1.</param>
/// <param name="Cells">How many cells it has; 0 where that does not matter.</param>
/// <param name="Cell">The cell concerned.</param>
public readonly record struct CsvFault(RecordFaultCode Code, int Slot, long Line, int Cells, CsvPlace Cell);

/// <summary>
/// Binds the records of one CSV text to a <see cref="TypedRecord"/>, straight from UTF-8: each cell as the text form of its field, an empty one is a missing
/// value. Made from the header. Allocates nothing per record but for very long escaped cells.
/// </summary>
public sealed class CsvRecordReader
{
    private const int LongestOnStack = 1024;

    private readonly RecordReader _reader;
    private readonly int[] _slots; // by column; -1: dropped
    private readonly RecordNotes _notes; // of the header, and so of each record

    private CsvRecordReader(RecordReader reader, int[] slots, RecordNotes notes)
    {
        _reader = reader;
        _slots = slots;
        _notes = notes;
    }

    public int Columns => _slots.Length;

    /// <summary>The field of a column, or -1 for a column that is dropped.</summary>
    public int SlotOf(int column) => _slots[column];

    /// <summary>Binds column names to fields. What is noted of them is noted of each record, with its place in the names one behind the other.</summary>
    /// <param name="names">The cells of the header, resolved.</param>
    /// <param name="column">The column that the fault is about.</param>
    public static CsvRecordReader? ForHeader(RecordReader reader, IReadOnlyList<byte[]> names, out RecordFault fault, out int column)
    {
        var slots = new int[names.Count];
        var dropped = new HashSet<string>(StringComparer.Ordinal);
        var given = new TypedRecord(reader.Schema.Count, 0);
        var at = 0;
        for (column = 0; column < slots.Length; at += names[column++].Length)
        {
            var slot = reader.FindSlot(names[column], escaped: false, expected: int.MaxValue);
            slots[column] = Math.Max(slot, -1);
            if (slot >= 0 ? !given.MarkGiven(slot) : !dropped.Add(Encoding.UTF8.GetString(names[column]))) return Fail(RecordFaultCode.DuplicateField, slot, out fault);
            if (slot == RecordReader.Unknown && reader.Rules.Unknown == Tolerance.Refuse) return Fail(RecordFaultCode.UnknownField, -1, out fault);
            if (slot == RecordReader.Unknown && reader.Rules.Unknown == Tolerance.Note) given.Notes.Add(new(RecordFaultCode.UnknownField, -1, at, names[column].Length));
        }

        fault = reader.CheckGiven(given);
        if (!fault.IsNone) return null;
        var notes = new RecordNotes();
        notes.AddAll(given.Notes);
        return new(reader, slots, notes);
    }

    /// <summary>Reads one record. Blank lines are passed over.</summary>
    /// <param name="record">Clear; after a fault its content is undefined.</param>
    /// <param name="fault">Of a good record it tells the line.</param>
    /// <param name="places">Where the cells lie: shape [<see cref="Columns"/>], or empty when nobody asks.</param>
    public CsvRow Read(ref CsvScanner csv, TypedRecord record, Span<CsvPlace> places, out CsvFault fault)
    {
        fault = default;
        while (!csv.IsAtEnd)
        {
            var (start, line) = (csv.Position, csv.Line);
            var cells = 0;
            CsvCell outcome;
            var bare = false;
            do
            {
                var from = csv.Position;
                outcome = csv.Read(out var raw, out var escaped);
                if (outcome is CsvCell.NeedMore)
                {
                    csv.Rewind(start, line);
                    return CsvRow.End;
                }

                if (outcome is CsvCell.BadQuote)
                {
                    fault = new(RecordFaultCode.Malformed, -1, line, 0, new(from, 0, false));
                    return CsvRow.Broken;
                }

                bare = cells == 0 && outcome == CsvCell.Last && raw.IsEmpty && csv.Text[from..csv.Position].IndexOf((byte)'"') < 0;
                var place = new CsvPlace(raw.IsEmpty ? from : csv.OffsetOf(raw), raw.Length, escaped);
                if (cells < places.Length) places[cells] = place;
                if (cells < _slots.Length && _slots[cells] is var slot and >= 0 && !raw.IsEmpty && !TrySet(record, slot, raw, escaped) && fault.Code == RecordFaultCode.None)
                    fault = new(RecordFaultCode.WrongType, slot, line, 0, place);
                cells++;
            }
            while (outcome == CsvCell.More);

            if (bare && _slots.Length > 1) continue;
            if (_notes.Count > 0) record.Notes.AddAll(_notes);
            if (cells != _slots.Length) fault = new(RecordFaultCode.Malformed, -1, line, cells, default);
            if (fault.Code != RecordFaultCode.None) return CsvRow.Faulty;
            fault = new(RecordFaultCode.None, -1, line, 0, default);
            return CsvRow.Record;
        }

        return CsvRow.End;
    }

    private bool TrySet(TypedRecord record, int slot, ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped) return _reader.TrySet(record, slot, raw);
        Span<byte> text = raw.Length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[raw.Length];
        return _reader.TrySet(record, slot, text[..CsvScanner.Unescape(raw, text)]);
    }

    private static CsvRecordReader? Fail(RecordFaultCode code, int slot, out RecordFault fault)
    {
        fault = new(code, slot, 0, 0);
        return null;
    }
}
