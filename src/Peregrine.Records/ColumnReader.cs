using System.Buffers;

namespace Peregrine.Records;

/// <summary>
/// Binds records that stand as columns, <c>{"amount":[1,2],"country":["FR",null]}</c>, row by row, with the conversions of <see cref="RecordReader"/>. Belongs to
/// one body; allocates per column, not per row.
/// </summary>
public sealed class ColumnReader(RecordReader reader)
{
    private readonly List<Column> _columns = [];
    private RecordNotes? _notes; // of the columns, and so of each row
    private bool _first = true;

    /// <summary>The field whose column ended before the others, once <see cref="TryRead"/> said so; else -1.</summary>
    public int ShortSlot { get; private set; } = -1;

    /// <summary>Reads over the object of columns and notes where each begins.</summary>
    /// <param name="json">Stands before the object, and behind it on return.</param>
    /// <param name="text">The whole text that the scanner reads.</param>
    /// <param name="given">Clear; on return it knows which fields have a column.</param>
    public RecordFault Begin(ref JsonScanner json, ReadOnlySpan<byte> text, TypedRecord given)
    {
        if (!json.TryBeginObject()) return Malformed(json);
        for (var first = true; json.TryNextMember(ref first, out var name, out var escaped);)
        {
            var slot = reader.FindSlot(name, escaped, _columns.Count);
            text.Overlaps(name, out var start);
            if (slot == RecordReader.Unknown && reader.Rules.Unknown == Tolerance.Refuse) return new(RecordFaultCode.UnknownField, -1, start, name.Length);
            if (slot == RecordReader.Unknown && reader.Rules.Unknown == Tolerance.Note) given.Notes.Add(new(RecordFaultCode.UnknownField, -1, start, name.Length));
            if (slot >= 0 && !given.MarkGiven(slot)) return new(RecordFaultCode.DuplicateField, slot, start, 0);
            var isArray = json.Peek() == JsonKind.Array;
            var at = json.Position;
            if (slot >= 0 && !isArray) return new(RecordFaultCode.WrongType, slot, at, 0);
            if (!json.TrySkipValue()) return Malformed(json);
            if (slot >= 0) _columns.Add(new(slot, start - 1, name.Length + 2, at + 1));
        }

        if (json.Fault != JsonFault.None) return Malformed(json);
        var fault = reader.CheckGiven(given);
        if (given.HasNotes) (_notes = new()).AddAll(given.Notes);
        return fault;
    }

    /// <summary>Binds the next row. False at the end, and where one column ends before the others (<see cref="ShortSlot"/>).</summary>
    /// <param name="record">Clear.</param>
    public bool TryRead(ReadOnlySpan<byte> text, TypedRecord record, out RecordFault fault)
    {
        fault = RecordFault.None;
        if (_notes is not null) record.Notes.AddAll(_notes);
        var read = 0;
        for (var i = 0; i < _columns.Count; i++)
        {
            var column = _columns[i];
            var json = new JsonScanner(text);
            json.MoveTo(column.At);
            var first = _first;
            if (!json.TryNextElement(ref first))
            {
                ShortSlot = column.Slot;
                continue;
            }

            read++;
            fault = reader.ReadCell(ref json, record, column.Slot);
            if (!fault.IsNone) return false;
            _columns[i] = column with { At = json.Position };
        }

        _first = false;
        if (read == 0) ShortSlot = -1;
        return read > 0 && read == _columns.Count;
    }

    /// <summary>Writes the next row as an object of the caller's own values. False at the end.</summary>
    public bool TryWrite(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        for (var i = 0; i < _columns.Count; i++)
        {
            var column = _columns[i];
            var json = new JsonScanner(text[column.At..]);
            var first = _first;
            if (!json.TryNextElement(ref first)) return false;
            json.Peek();
            var start = column.At + json.Position;
            json.TrySkipValue();
            _columns[i] = column with { At = column.At + json.Position };
            if (i > 0) output.Write(","u8);
            output.Write(text.Slice(column.Name, column.NameLength));
            output.Write(":"u8);
            output.Write(text[start.._columns[i].At]);
        }

        _first = false;
        output.Write("}"u8);
        return _columns.Count > 0;
    }

    private static RecordFault Malformed(in JsonScanner json) => new(RecordFaultCode.Malformed, -1, json.Position, 0);

    /// <param name="Name">Where its name begins, with the quote.</param>
    /// <param name="At">Where the next element is looked for.</param>
    private readonly record struct Column(int Slot, int Name, int NameLength, int At);
}
