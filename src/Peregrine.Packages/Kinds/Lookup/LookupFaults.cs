using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>Faults of a key in words: the same on the node and in the designer.</summary>
public static class LookupFaults
{
    private const int MostNames = 12;

    /// <param name="json">The text that was scanned, for the name or value at the fault's place.</param>
    public static string Describe(RecordFault fault, RecordSchema key, ReadOnlySpan<byte> json)
    {
        var field = fault.Slot >= 0 ? key[fault.Slot] : null;
        return fault.Code switch
        {
            RecordFaultCode.Malformed => $"The JSON breaks off or is malformed at byte {fault.Start}.",
            RecordFaultCode.NotAnObject => $"At byte {fault.Start} an object with the key is expected, such as {{\"{key[0].Name}\": …}}.",
            RecordFaultCode.UnknownField => Unknown(FaultWords.Excerpt(fault, json), key),
            RecordFaultCode.WrongType => $"Key column '{field!.Name}' must be {FaultWords.Wanted(field.Kind)}; at byte {fault.Start} stands {FaultWords.Excerpt(fault, json)}.",
            RecordFaultCode.MissingField => $"Key column '{field!.Name}' is not given. The key is {Names(key)}.",
            RecordFaultCode.DuplicateField => $"Key column '{field!.Name}' stands twice, again at byte {fault.Start}.",
            _ => $"The key is not valid at byte {fault.Start}.",
        };
    }

    private static string Unknown(string name, RecordSchema key)
    {
        var near = NearestName.Find(name, key.Fields.Select(field => field.Name));
        return $"'{name}' is no column of the key.{(near is null ? "" : $" Did you mean '{near}'?")} The key is {Names(key)}.";
    }

    private static string Names(RecordSchema key)
    {
        var names = string.Join(", ", key.Fields.Take(MostNames).Select(field => $"'{field.Name}'"));
        return key.Count > MostNames ? $"{names} and {key.Count - MostNames} more" : names;
    }
}
