using System.Text;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Prediction;

/// <summary>Faults of a record in words: the same on the node and in the designer.</summary>
public static class RecordFaults
{
    private const int LongestExcerpt = 60;
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
                $"'{Excerpt(fault, json)}' is not a feature of this model. Its features are {Names(model)}.",
            RecordFaultCode.WrongType =>
                $"Feature '{field!.Name}' must be {Wanted(field.Kind)}; at byte {fault.Start} stands {Excerpt(fault, json)}.",
            RecordFaultCode.MissingField =>
                $"Feature '{field!.Name}' is not in the record. Give it a value, or null when the value is missing.",
            RecordFaultCode.DuplicateField => $"Feature '{field!.Name}' stands twice in the record, again at byte {fault.Start}.",
            _ => $"The record is not valid at byte {fault.Start}.",
        };
    }

    private static string Wanted(FieldKind kind) => kind switch
    {
        FieldKind.Text => "text",
        FieldKind.Number or FieldKind.Integer => "a number",
        FieldKind.Boolean => "true or false",
        FieldKind.DateTime => "a date and time such as 2026-01-31T12:00:00Z",
        _ => "a date such as 2026-01-31",
    };

    private static string Excerpt(RecordFault fault, ReadOnlySpan<byte> json)
    {
        if (fault.Start >= json.Length) return "nothing";
        if (fault.Length == 0) return json[fault.Start] switch { (byte)'{' => "an object", (byte)'[' => "a list", _ => "something else" };
        var text = Encoding.UTF8.GetString(json.Slice(fault.Start, Math.Min(fault.Length, json.Length - fault.Start)));
        return text.Length <= LongestExcerpt ? text : text[..LongestExcerpt] + "…";
    }

    private static string FirstName(ModelSpec model) => model.Inputs.Count > 0 ? model.Inputs[0].Name : "feature";

    private static string Names(ModelSpec model)
    {
        var names = string.Join(", ", model.Inputs.Take(MostNames).Select(input => input.Name));
        return model.Inputs.Count > MostNames ? $"{names} and {model.Inputs.Count - MostNames} more" : names;
    }
}
