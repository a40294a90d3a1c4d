namespace Peregrine.Records;

/// <summary>One way in which a record that was taken differs from its schema, or from what training saw.</summary>
/// <param name="Slot">The field's slot, or -1.</param>
/// <param name="Start">Byte offset in the text that was scanned, of the name (<see cref="RecordFaultCode.UnknownField"/>) or value.</param>
/// <param name="Length">Its length in bytes; 0 where unknown.</param>
public readonly record struct RecordNote(RecordFaultCode Code, int Slot, int Start = 0, int Length = 0)
{
    /// <summary>The number that is out of range.</summary>
    public double Value { get; init; }
}
