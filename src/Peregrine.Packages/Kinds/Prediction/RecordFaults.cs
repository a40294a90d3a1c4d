using System.Text;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Faults of a record in words: the same on the node and in the designer.</summary>
public static class RecordFaults
{
    /// <summary>All that a quiet endpoint says of a record that it refuses.</summary>
    public const string QuietRefusal = "The record is not one that this endpoint takes.";

    /// <summary>All that a quiet endpoint says of a record that it takes in spite of something.</summary>
    public const string QuietWarning = "The record differs from those that the model was made from.";

    private const int MostNames = 12;

    /// <param name="json">The text that was scanned, for the name or value at the fault's place.</param>
    public static string Describe(RecordFault fault, ModelSpec model, ReadOnlySpan<byte> json)
    {
        var field = fault.Slot >= 0 ? model.Inputs[fault.Slot] : null;
        return fault.Code switch
        {
            RecordFaultCode.None => "The record is good.",
            RecordFaultCode.Malformed => $"The JSON breaks off or is malformed at byte {fault.Start}.",
            RecordFaultCode.NotAnObject => $"At byte {fault.Start} an object of features is expected, such as {{\"{FirstName(model)}\": …}}.",
            RecordFaultCode.UnknownField =>
                $"'{FaultWords.Excerpt(fault, json)}' is not a feature of this model. Its features are {Names(model)}.",
            RecordFaultCode.WrongType =>
                $"Feature '{field!.Name}' must be {FaultWords.Wanted(field.Kind)}; at byte {fault.Start} stands {FaultWords.Excerpt(fault, json)}.",
            RecordFaultCode.ConvertedType =>
                $"Feature '{field!.Name}' must be {OwnForm(field.Kind)}; at byte {fault.Start} stands {FaultWords.Excerpt(fault, json)}.",
            RecordFaultCode.MissingField =>
                $"Feature '{field!.Name}' is not in the record. Give it a value, or null when the value is missing.",
            RecordFaultCode.DuplicateField => $"Feature '{field!.Name}' stands twice in the record, again at byte {fault.Start}.",
            _ => $"The record is not valid at byte {fault.Start}.",
        };
    }

    /// <summary>A fault, also one that needs to be known what training saw.</summary>
    /// <param name="record">As far as it was bound.</param>
    public static string Describe(RecordFault fault, PredictionEndpoint endpoint, ReadOnlySpan<byte> json, TypedRecord record)
    {
        switch (fault.Code)
        {
            case RecordFaultCode.OutOfRange:
                return endpoint.Check!.DescribeRange(fault.Slot, record.Number(fault.Slot));
            case RecordFaultCode.UnseenCategory:
                record.TryGetText(fault.Slot, out var text);
                return endpoint.Check!.DescribeCategory(fault.Slot, text);
            default:
                return Describe(fault, endpoint.Model.Spec, json);
        }
    }

    /// <summary>What was noted of a record that was taken.</summary>
    internal static string DescribeNote(in RecordNote note, ModelSpec model, ReadOnlySpan<byte> json)
    {
        var fault = new RecordFault(note.Code, note.Slot, note.Start, note.Length);
        var field = note.Slot >= 0 ? model.Inputs[note.Slot] : null;
        var stands = note.Length > 0 || note.Start > 0 ? $"; at byte {note.Start} stands {FaultWords.Excerpt(fault, json)}" : "";
        switch (note.Code)
        {
            case RecordFaultCode.MissingField:
                return $"Feature '{field!.Name}' is not in the record and counts as missing.";
            case RecordFaultCode.WrongType:
                return $"Feature '{field!.Name}' must be {FaultWords.Wanted(field.Kind)}{stands}. It counts as missing.";
            case RecordFaultCode.ConvertedType:
                return $"Feature '{field!.Name}' must be {OwnForm(field.Kind)}{stands}. It was converted.";
            default:
                var name = NameAt(note.Start, note.Length, json);
                var near = NearestName.Find(name, model.Inputs.Select(input => input.Name));
                return $"'{name}' is not a feature of this model and not used.{(near is null ? "" : $" Did you mean '{near}'?")}";
        }
    }

    internal static string NameAt(int start, int length, ReadOnlySpan<byte> json)
    {
        return FaultWords.Shorten(Encoding.UTF8.GetString(json.Slice(start, length)));
    }

    private static string OwnForm(FieldKind kind) => kind switch
    {
        FieldKind.Text => "a JSON string",
        FieldKind.Number or FieldKind.Integer => "a JSON number",
        FieldKind.Boolean => "true or false",
        _ => "a JSON string or number",
    };

    private static string FirstName(ModelSpec model) => model.Inputs.Count > 0 ? model.Inputs[0].Name : "feature";

    private static string Names(ModelSpec model)
    {
        var names = string.Join(", ", model.Inputs.Take(MostNames).Select(input => input.Name));
        return model.Inputs.Count > MostNames ? $"{names} and {model.Inputs.Count - MostNames} more" : names;
    }
}
