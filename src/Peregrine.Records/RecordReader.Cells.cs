using System.Buffers;
using System.Buffers.Text;

namespace Peregrine.Records;

/// <content>Binding value by value, for bodies that hold columns instead of objects. The same conversions as those of an object.</content>
public sealed partial class RecordReader
{
    /// <summary>Reads the JSON value that stands next into a slot.</summary>
    public RecordFault ReadCell(ref JsonScanner json, TypedRecord record, int slot) => ReadValue(ref json, record, slot);

    /// <summary>Sets a slot from a floating-point number; one that is not finite is a missing value. False: it does not fit the field.</summary>
    public bool TrySet(TypedRecord record, int slot, double value)
    {
        if (!double.IsFinite(value)) return true;
        if (_schema[slot].Kind != FieldKind.Text) return TrySetFinite(record, slot, value) || TryTolerate(record, slot);
        Span<byte> text = stackalloc byte[32];
        Utf8Formatter.TryFormat(value, text, out var written);
        SetNumberAsText(record, slot, text[..written], value, isWhole: value == Math.Floor(value));
        return true;
    }

    /// <summary>Sets a slot from a whole number. False: it does not fit the field.</summary>
    public bool TrySet(TypedRecord record, int slot, long value)
    {
        if (_schema[slot].Kind != FieldKind.Text) return TrySetFinite(record, slot, value) || TryTolerate(record, slot);
        Span<byte> text = stackalloc byte[24];
        Utf8Formatter.TryFormat(value, text, out var written);
        record.SetText(slot, text[..written]);
        return true;
    }

    /// <inheritdoc cref="TrySet(TypedRecord, int, long)"/>
    public bool TrySet(TypedRecord record, int slot, ulong value)
    {
        if (_schema[slot].Kind != FieldKind.Text) return TrySetFinite(record, slot, value) || TryTolerate(record, slot);
        Span<byte> text = stackalloc byte[24];
        Utf8Formatter.TryFormat(value, text, out var written);
        record.SetText(slot, text[..written]);
        return true;
    }

    /// <summary>Sets a slot from a truth value. False: it does not fit the field.</summary>
    public bool TrySet(TypedRecord record, int slot, bool value) => TrySetBoolean(record, slot, value) || TryTolerate(record, slot);

    /// <summary>Sets a slot from UTF-8 text, parsed by the field's kind; empty text is a missing value. False: it does not fit the field.</summary>
    public bool TrySet(TypedRecord record, int slot, ReadOnlySpan<byte> text) => TrySetText(record, slot, text) || TryTolerate(record, slot);

    private bool TrySetFinite(TypedRecord record, int slot, double value)
    {
        switch (_schema[slot].Kind)
        {
            case FieldKind.Boolean when value is not (0 or 1):
                return false;
            case FieldKind.DateTime or FieldKind.Date:
                record.SetNumber(slot, EpochSeconds(value));
                return true;
            default:
                record.SetNumber(slot, value);
                return true;
        }
    }
}
