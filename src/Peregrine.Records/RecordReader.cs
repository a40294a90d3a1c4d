using System.Buffers;
using System.Buffers.Text;

namespace Peregrine.Records;

/// <summary>
/// Binds an object of features to a <see cref="TypedRecord"/>, straight from UTF-8. Made once for a schema, thread-safe, and
/// free of allocation but for very long escaped names.
/// </summary>
/// <remarks>
/// <c>null</c>, <c>NaN</c>, <c>Infinity</c> and the empty string are missing values. A number field also takes its text form and a
/// boolean (0 or 1); a text field also takes a number (whole ones without decimals, so <c>1.0</c> is <c>1</c>) and a boolean; a
/// date-time field also takes an epoch in seconds, milliseconds or microseconds, told apart by magnitude.
/// </remarks>
public sealed partial class RecordReader
{
    private const int LongestNameOnStack = 256;
    private readonly RecordSchema _schema;
    private readonly Utf8Table _ignored;
    private readonly bool _refuseUnknown;
    private readonly bool _refuseMissing;

    /// <param name="schema">The fields to bind; their slots are the record's first ones.</param>
    /// <param name="ignored">Names that are known but not wanted: accepted and dropped.</param>
    /// <param name="refuseUnknown">Whether a name that is neither is a fault; otherwise it is dropped.</param>
    /// <param name="refuseMissing">Whether a field that is not given is a fault; otherwise its value is missing.</param>
    public RecordReader(RecordSchema schema, IEnumerable<string> ignored, bool refuseUnknown, bool refuseMissing)
    {
        _schema = schema;
        _ignored = new Utf8Table(ignored.Distinct(StringComparer.Ordinal));
        _refuseUnknown = refuseUnknown;
        _refuseMissing = refuseMissing;
    }

    public RecordSchema Schema => _schema;

    /// <summary>Reads one object. The record must be clear; after a fault its content is undefined.</summary>
    public RecordFault Read(ref JsonScanner json, TypedRecord record)
    {
        var start = json.Position;
        if (json.Peek() != JsonKind.Object) return new(RecordFaultCode.NotAnObject, -1, json.Position, 0);
        if (!json.TryBeginObject()) return Malformed(json);
        var expected = 0;
        for (var first = true; json.TryNextMember(ref first, out var name, out var escaped);)
        {
            var slot = FindSlot(name, escaped, expected);
            if (slot < 0)
            {
                if (slot == Unknown && _refuseUnknown)
                    return new(RecordFaultCode.UnknownField, -1, json.Position - name.Length - 2, name.Length);
                if (!json.TrySkipValue()) return Malformed(json);
                continue;
            }

            if (!record.MarkGiven(slot)) return new(RecordFaultCode.DuplicateField, slot, json.Position, 0);
            var fault = ReadValue(ref json, record, slot);
            if (!fault.IsNone) return fault;
            expected = slot + 1;
        }

        if (json.Fault != JsonFault.None) return Malformed(json);
        return _refuseMissing ? FindMissing(record, start) : RecordFault.None;
    }

    /// <summary>Sets one field from its text form, as in a query string. The fault's position is 0.</summary>
    public RecordFault ReadText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, TypedRecord record)
    {
        var slot = _schema.IndexOf(name);
        if (slot < 0)
            return _refuseUnknown && _ignored.IndexOf(name) < 0 ? new(RecordFaultCode.UnknownField, -1, 0, name.Length) : RecordFault.None;
        if (!record.MarkGiven(slot)) return new(RecordFaultCode.DuplicateField, slot, 0, 0);
        return TrySetText(record, slot, value) ? RecordFault.None : new(RecordFaultCode.WrongType, slot, 0, value.Length);
    }

    /// <summary>The first field that nobody gave, where that is a fault.</summary>
    public RecordFault CheckGiven(TypedRecord record) => _refuseMissing ? FindMissing(record, 0) : RecordFault.None;

    /// <summary>No field of the schema and none of the names to be dropped.</summary>
    public const int Unknown = -1;

    /// <summary>A name that is known and dropped.</summary>
    public const int Ignored = -2;

    /// <summary>Where a name leads: a slot, <see cref="Unknown"/> or <see cref="Ignored"/>.</summary>
    /// <param name="name">UTF-8; raw JSON when <paramref name="escaped"/>.</param>
    /// <param name="expected">The slot that most likely comes next: one comparison instead of a hash.</param>
    public int FindSlot(ReadOnlySpan<byte> name, bool escaped, int expected)
    {
        if (escaped) return FindEscapedSlot(name);
        // Callers mostly send the fields in the schema's order: one comparison instead of a hash.
        if (expected < _schema.Count && name.SequenceEqual(_schema.Utf8Name(expected))) return expected;
        var slot = _schema.IndexOf(name);
        return slot >= 0 ? slot : _ignored.IndexOf(name) >= 0 ? Ignored : Unknown;
    }

    private int FindEscapedSlot(ReadOnlySpan<byte> raw)
    {
        Span<byte> name = raw.Length <= LongestNameOnStack ? stackalloc byte[LongestNameOnStack] : new byte[raw.Length];
        var length = JsonScanner.Unescape(raw, name);
        return length < 0 ? Unknown : FindSlot(name[..length], escaped: false, expected: 0);
    }

    private RecordFault FindMissing(TypedRecord record, int start)
    {
        for (var slot = 0; slot < _schema.Count; slot++)
            if (!record.IsGiven(slot)) return new(RecordFaultCode.MissingField, slot, start, 0);
        return RecordFault.None;
    }

    private RecordFault ReadValue(ref JsonScanner json, TypedRecord record, int slot)
    {
        var kind = json.Peek();
        var start = json.Position;
        switch (kind)
        {
            case JsonKind.Null:
                if (!json.TryReadWord(kind)) return Malformed(json);
                return RecordFault.None;
            case JsonKind.Number:
                if (!json.TryReadNumber(out var token)) return Malformed(json);
                return TrySetNumber(record, slot, token) ? RecordFault.None : Wrong(json, slot, start);
            case JsonKind.True or JsonKind.False:
                if (!json.TryReadWord(kind)) return Malformed(json);
                return TrySetBoolean(record, slot, kind == JsonKind.True) ? RecordFault.None : Wrong(json, slot, start);
            case JsonKind.String:
                if (!json.TryReadString(out var raw, out var escaped)) return Malformed(json);
                return TrySetString(record, slot, raw, escaped) ? RecordFault.None : Wrong(json, slot, start);
            case JsonKind.Object or JsonKind.Array:
                return new(RecordFaultCode.WrongType, slot, start, 0);
            default:
                json.TrySkipValue();
                return Malformed(json);
        }
    }

    private bool TrySetNumber(TypedRecord record, int slot, ReadOnlySpan<byte> token)
    {
        var kind = _schema[slot].Kind;
        if (token[^1] is (byte)'N' or (byte)'y') return true; // NaN, Infinity: a missing value
        if (!FieldParsing.TryNumber(token, out var value)) return false;
        if (kind != FieldKind.Text) return TrySetFinite(record, slot, value);
        SetNumberAsText(record, slot, token, value, value == Math.Floor(value) && token.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0);
        return true;
    }

    private bool TrySetBoolean(TypedRecord record, int slot, bool value)
    {
        switch (_schema[slot].Kind)
        {
            case FieldKind.Text:
                record.SetText(slot, value ? "true"u8 : "false"u8);
                return true;
            case FieldKind.DateTime or FieldKind.Date:
                return false;
            default:
                record.SetNumber(slot, value ? 1 : 0);
                return true;
        }
    }

    private bool TrySetString(TypedRecord record, int slot, ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped) return TrySetText(record, slot, raw);
        var room = record.BeginText(raw.Length);
        var length = JsonScanner.Unescape(raw, room);
        if (length < 0) return false;
        if (_schema[slot].Kind != FieldKind.Text) return TrySetText(record, slot, room[..length]);
        record.EndText(slot, length);
        return true;
    }

    private bool TrySetText(TypedRecord record, int slot, ReadOnlySpan<byte> text)
    {
        var kind = _schema[slot].Kind;
        if (kind == FieldKind.Text)
        {
            record.SetText(slot, text);
            return true;
        }

        if (text.IsEmpty || text.SequenceEqual("NaN"u8)) return true;
        if (!FieldParsing.TryParse(kind, text, out var value)) return false;
        record.SetNumber(slot, value);
        return true;
    }

    /// <param name="isWhole">Whether it is a whole number that the token may have written with a point or an exponent.</param>
    private static void SetNumberAsText(TypedRecord record, int slot, ReadOnlySpan<byte> token, double value, bool isWhole)
    {
        // Beyond 15 digits a double no longer holds every whole number, so the token's own digits are kept.
        if (Math.Abs(value) >= 1e15 || !isWhole)
        {
            record.SetText(slot, token);
            return;
        }

        Span<byte> whole = stackalloc byte[24];
        Utf8Formatter.TryFormat((long)value, whole, out var written, new StandardFormat('D'));
        record.SetText(slot, whole[..written]);
    }

    /// <summary>Seconds below 1e11 (year 5138), milliseconds below 1e14, else microseconds.</summary>
    private static double EpochSeconds(double value) => Math.Abs(value) switch
    {
        < 1e11 => value,
        < 1e14 => value / 1e3,
        _ => value / 1e6,
    };

    private static RecordFault Wrong(in JsonScanner json, int slot, int start) =>
        new(RecordFaultCode.WrongType, slot, start, json.Position - start);

    private static RecordFault Malformed(in JsonScanner json) => new(RecordFaultCode.Malformed, -1, json.Position, 0);
}
