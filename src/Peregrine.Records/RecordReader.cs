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
    private readonly RecordRules _rules;

    /// <param name="schema">The fields to bind; their slots are the record's first ones.</param>
    /// <param name="ignored">Names that are known but not wanted: accepted and dropped.</param>
    /// <param name="refuseUnknown">Whether a name that is neither is a fault; otherwise it is dropped.</param>
    /// <param name="refuseMissing">Whether a field that is not given is a fault; otherwise its value is missing.</param>
    public RecordReader(RecordSchema schema, IEnumerable<string> ignored, bool refuseUnknown, bool refuseMissing)
        : this(schema, ignored, new RecordRules
        {
            Unknown = refuseUnknown ? Tolerance.Refuse : Tolerance.Accept, Missing = refuseMissing ? Tolerance.Refuse : Tolerance.Accept, Converted = Tolerance.Accept,
        })
    {
    }

    /// <param name="schema">The fields to bind; their slots are the record's first ones.</param>
    /// <param name="ignored">Names that are known but not wanted: accepted and dropped.</param>
    public RecordReader(RecordSchema schema, IEnumerable<string> ignored, RecordRules rules)
    {
        _schema = schema;
        _ignored = new Utf8Table(ignored.Distinct(StringComparer.Ordinal));
        _rules = rules;
    }

    public RecordSchema Schema => _schema;

    public RecordRules Rules => _rules;

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
                if (slot == Unknown && _rules.Unknown != Tolerance.Accept)
                {
                    var fault = new RecordFault(RecordFaultCode.UnknownField, -1, json.OffsetOf(name), name.Length);
                    if (_rules.Unknown == Tolerance.Refuse) return fault;
                    record.Notes.Add(new(fault.Code, -1, fault.Start, fault.Length));
                }

                if (!json.TrySkipValue()) return Malformed(json);
                continue;
            }

            if (!record.MarkGiven(slot)) return new(RecordFaultCode.DuplicateField, slot, json.Position, 0);
            var wrong = ReadValue(ref json, record, slot);
            if (!wrong.IsNone) return wrong;
            expected = slot + 1;
        }

        if (json.Fault != JsonFault.None) return Malformed(json);
        return _rules.Missing == Tolerance.Accept ? RecordFault.None : FindMissing(record, start);
    }

    /// <summary>The first field that nobody gave, where that is a fault; else such fields are noted, where they are to be.</summary>
    public RecordFault CheckGiven(TypedRecord record) => _rules.Missing == Tolerance.Accept ? RecordFault.None : FindMissing(record, 0);

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
        {
            if (record.IsGiven(slot)) continue;
            if (_rules.Missing == Tolerance.Refuse) return new(RecordFaultCode.MissingField, slot, start, 0);
            record.Notes.Add(new(RecordFaultCode.MissingField, slot));
        }

        return RecordFault.None;
    }

    private RecordFault ReadValue(ref JsonScanner json, TypedRecord record, int slot)
    {
        var kind = json.Peek();
        var start = json.Position;
        bool fits;
        switch (kind)
        {
            case JsonKind.Null:
                return json.TryReadWord(kind) ? RecordFault.None : Malformed(json);
            case JsonKind.Number:
                if (!json.TryReadNumber(out var token)) return Malformed(json);
                fits = TrySetNumber(record, slot, token);
                break;
            case JsonKind.True or JsonKind.False:
                if (!json.TryReadWord(kind)) return Malformed(json);
                fits = TrySetBoolean(record, slot, kind == JsonKind.True);
                break;
            case JsonKind.String:
                if (!json.TryReadString(out var raw, out var escaped)) return Malformed(json);
                fits = TrySetString(record, slot, raw, escaped);
                break;
            case JsonKind.Object or JsonKind.Array:
                if (_rules.WrongType == Tolerance.Refuse) return new(RecordFaultCode.WrongType, slot, start, 0);
                if (!json.TrySkipValue()) return Malformed(json);
                fits = false;
                break;
            default:
                json.TrySkipValue();
                return Malformed(json);
        }

        return fits && _rules.Converted == Tolerance.Accept ? RecordFault.None : Settle(json, record, slot, kind, start, fits);
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

    private static RecordFault Malformed(in JsonScanner json) => new(RecordFaultCode.Malformed, -1, json.Position, 0);
}
