namespace Peregrine.Records;

/// <content>What comes of values that are not of their field's own type.</content>
public sealed partial class RecordReader
{
    /// <summary>Decides on a value that does not fit, or that may have been converted.</summary>
    private RecordFault Settle(in JsonScanner json, TypedRecord record, int slot, JsonKind kind, int start, bool fits)
    {
        if (fits && (IsOwnType(kind, _schema[slot].Kind) || !HasValue(record, slot))) return RecordFault.None;
        var (code, tolerance) = fits ? (RecordFaultCode.ConvertedType, _rules.Converted) : (RecordFaultCode.WrongType, _rules.WrongType);
        var fault = new RecordFault(code, slot, start, kind is JsonKind.Object or JsonKind.Array ? 0 : json.Position - start);
        if (tolerance == Tolerance.Refuse) return fault;
        if (!fits) record.SetMissing(slot);
        if (tolerance == Tolerance.Note) record.Notes.Add(new(code, slot, fault.Start, fault.Length));
        return RecordFault.None;
    }

    /// <summary>Takes a value that does not fit as a missing one, where the rules say so.</summary>
    private bool TryTolerate(TypedRecord record, int slot)
    {
        if (_rules.WrongType == Tolerance.Refuse) return false;
        record.SetMissing(slot);
        if (_rules.WrongType == Tolerance.Note) record.Notes.Add(new(RecordFaultCode.WrongType, slot));
        return true;
    }

    /// <summary>A date is at home in text, and as a number since 1970.</summary>
    private static bool IsOwnType(JsonKind json, FieldKind field) => json switch
    {
        JsonKind.String => field is FieldKind.Text or FieldKind.DateTime or FieldKind.Date,
        JsonKind.Number => field is FieldKind.Number or FieldKind.Integer or FieldKind.DateTime or FieldKind.Date,
        _ => field == FieldKind.Boolean,
    };

    /// <summary>Empty text and NaN are missing values for every field.</summary>
    private bool HasValue(TypedRecord record, int slot) =>
        _schema[slot].Kind == FieldKind.Text ? record.TryGetText(slot, out _) : !double.IsNaN(record.Number(slot));
}
