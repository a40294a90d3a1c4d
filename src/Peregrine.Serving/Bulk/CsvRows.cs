using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Bulk;

/// <summary>Records as CSV with a header row.</summary>
internal sealed class CsvRows(PredictionEndpoint endpoint) : RowSource
{
    private readonly List<byte[]> _columns = []; // of the header so far
    private CsvRecordReader? _reader;
    private CsvPlace[] _places = [];
    private byte[][] _names = []; // by column: "name": as JSON
    private byte[] _header = []; // names one behind the other
    private int _begun; // where the column begins that is read next, and its line
    private long _line = 1;
    private int _looked; // bytes in which the header does not end

    public override bool TryBegin(ReadOnlySpan<byte> piece, ref int at, bool isLast, out ApiError? fault)
    {
        fault = null;
        if (!isLast && piece.Length < 3) return false;
        // A header that comes in crumbs is not gone through again for each of them: it is looked at when a line may have ended, from the first name that was not whole.
        var hasEnd = piece[_looked..].Contains((byte)'\n');
        _looked = piece.Length;
        if (!isLast && !hasEnd) return false;
        if (_begun == 0 && piece.StartsWith("\uFEFF"u8)) _begun = 3;
        at = _begun;
        var csv = new CsvScanner(piece[at..], isLast, _line);
        for (var cell = CsvCell.More; cell == CsvCell.More;)
        {
            cell = csv.Read(out var raw, out var escaped);
            if (cell == CsvCell.NeedMore)
            {
                _begun += csv.Position;
                _line = csv.Line;
                return false;
            }

            if (cell == CsvCell.BadQuote)
            {
                fault = BulkFaults.BadHeader("its quotes do not match");
                return true;
            }

            var name = raw.ToArray();
            if (escaped) name = name[..CsvScanner.Unescape(raw, name)];
            _columns.Add(name);
        }

        if (!_columns.TrueForAll(name => Utf8.IsValid(name))) fault = BulkFaults.BadHeader("it is not UTF-8");
        else if (_columns is [{ Length: 0 }]) fault = BulkFaults.BadHeader("it is empty");
        else Bind(_columns, out fault);
        at += csv.Position;
        Line = csv.Line;
        return true;
    }

    public override RowKind Next(ReadOnlySpan<byte> piece, ref int at, bool isLast, ScoringContext context, int row, out RowError? error)
    {
        error = null;
        var csv = new CsvScanner(piece[at..], isLast, Line);
        var places = _places.AsSpan(row * _reader!.Columns, _reader.Columns);
        var kind = _reader.Read(ref csv, context.Record, places, out var fault);
        foreach (ref var place in places) place = place with { Start = place.Start + at };
        var text = piece.Slice(at, csv.Position);
        if (kind == CsvRow.Record && !Utf8.IsValid(text))
        {
            error = new RowError(fault.Line, "NotUtf8", "The record is not UTF-8.", "");
            kind = CsvRow.Faulty;
        }
        else if (kind is CsvRow.Faulty or CsvRow.Broken) error = Describe(fault, piece[at..]);
        else if (kind == CsvRow.Record && endpoint.Check?.Check(context.Record) is { IsNone: false } unlike)
        {
            error = Describe(unlike, fault.Line, context.Record);
            kind = CsvRow.Faulty;
        }

        at += csv.Position;
        Line = csv.Line;
        return kind switch { CsvRow.Record => RowKind.Record, CsvRow.Faulty => RowKind.Faulty, CsvRow.Broken => RowKind.Broken, _ => RowKind.End };
    }

    public override ReadOnlySpan<byte> TextOf(int row, ReadOnlySpan<byte> piece) => _header;

    public override ReadOnlySpan<byte> FeaturesOf(int row, ReadOnlySpan<byte> piece, Utf8Output room)
    {
        room.CutTo(0);
        room.Write((byte)'{');
        var columns = _reader!.Columns;
        for (var column = 0; column < columns; column++)
        {
            var slot = _reader.SlotOf(column);
            if (slot < 0) continue;
            if (room.Length > 1) room.Write((byte)',');
            room.Write(_names[column]);
            var place = _places[row * columns + column];
            WriteValue(piece.Slice(place.Start, place.Length), place.Escaped, endpoint.Model.Inputs[slot].Kind, room);
        }

        room.Write((byte)'}');
        return room.Written;
    }

    /// <summary>The value as a caller would have sent it in JSON: a number bare where JSON can write it so, else the text.</summary>
    private static void WriteValue(ReadOnlySpan<byte> cell, bool escaped, FieldKind kind, Utf8Output room)
    {
        if (cell.IsEmpty) room.Write("null"u8);
        else if (kind is FieldKind.Number or FieldKind.Integer && IsJsonNumber(cell)) room.Write(cell);
        else if (kind == FieldKind.Boolean && (cell.SequenceEqual("true"u8) || cell.SequenceEqual("false"u8))) room.Write(cell);
        else WriteText(cell, escaped, room);
    }

    private static bool IsJsonNumber(ReadOnlySpan<byte> cell)
    {
        var json = new JsonScanner(cell);
        return cell[^1] is >= (byte)'0' and <= (byte)'9' && json.Peek() == JsonKind.Number && json.TryReadNumber(out _) && json.Position == cell.Length;
    }

    private static void WriteText(ReadOnlySpan<byte> cell, bool escaped, Utf8Output room)
    {
        if (!escaped && JavaScriptEncoder.UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncodeUtf8(cell) < 0)
        {
            room.Write((byte)'"');
            room.Write(cell);
            room.Write((byte)'"');
            return;
        }

        var text = new byte[cell.Length];
        var length = escaped ? CsvScanner.Unescape(cell, text) : cell.Length;
        if (!escaped) cell.CopyTo(text);
        room.Write((byte)'"');
        room.Write(JsonEncodedText.Encode(text.AsSpan(0, length), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        room.Write((byte)'"');
    }

    private void Bind(List<byte[]> names, out ApiError? fault)
    {
        fault = null;
        _reader = CsvRecordReader.ForHeader(endpoint.Reader, names, out var wrong, out var column);
        if (_reader is null)
        {
            HeaderFault = wrong.Code;
            fault = endpoint.Settings.Quiet ? PredictionFaults.Quiet("") : BulkFaults.Header(wrong, endpoint, names, Math.Min(column, names.Count - 1));
            return;
        }

        _header = [.. names.SelectMany(name => name)];
        _places = new CsvPlace[_reader.Columns * ScoringBlock.Rows];
        _names = [.. names.Select(name => Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetString(JsonText.Quote(Encoding.UTF8.GetString(name)))}:"))];
    }

    private RowError Describe(in CsvFault fault, ReadOnlySpan<byte> text)
    {
        if (fault.Code == RecordFaultCode.Malformed && fault.Cells > 0)
            return new RowError(fault.Line, "WrongCellCount", $"The record has {fault.Cells} cells; the header has {_reader!.Columns}.", "");
        if (fault.Code == RecordFaultCode.Malformed)
            return new RowError(fault.Line, "MalformedCsv", "A quote stands where none may, or is not closed. Quote cells that hold quotes, commas or line ends, and double quotes within them.", "");
        var field = endpoint.Model.Spec.Inputs[fault.Slot];
        return Of(fault.Code, fault.Line, field, BulkFaults.WrongType(field, text.Slice(fault.Cell.Start, fault.Cell.Length)));
    }

    /// <summary>A value that training did not see.</summary>
    private RowError Describe(RecordFault fault, long line, TypedRecord record) =>
        Of(fault.Code, line, endpoint.Model.Spec.Inputs[fault.Slot], RecordFaults.Describe(fault, endpoint, [], record));

    private RowError Of(RecordFaultCode code, long line, Field field, string message) => endpoint.Settings.Quiet
        ? new RowError(line, "BadRecord", RecordFaults.QuietRefusal, "") { Fault = code }
        : new RowError(line, code.ToString(), message, PredictionFaults.Pointer(field.Name)) { Fault = code };
}
