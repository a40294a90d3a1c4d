namespace Peregrine.Records;

/// <summary>What is wrong with a record that came in as JSON or text.</summary>
public enum RecordFaultCode
{
    None,

    /// <summary>The text is no JSON; the scanner's fault says more.</summary>
    Malformed,

    /// <summary>Something else stands where the object of features belongs.</summary>
    NotAnObject,

    /// <summary>A member that is no field of the schema.</summary>
    UnknownField,

    /// <summary>A value that does not fit its field's kind.</summary>
    WrongType,

    /// <summary>A field of the schema that the object does not hold.</summary>
    MissingField,

    /// <summary>The same field twice.</summary>
    DuplicateField,

    /// <summary>A value of another JSON type that was converted, such as <c>"12.5"</c> for a number.</summary>
    ConvertedType,

    /// <summary>A number beyond those that training saw.</summary>
    OutOfRange,

    /// <summary>A text that is none of those that training saw.</summary>
    UnseenCategory,
}

/// <summary>The outcome of reading one record: none, or what, which field and where.</summary>
/// <param name="Code">What is wrong.</param>
/// <param name="Slot">The field's slot, or -1.</param>
/// <param name="Start">Byte offset of the offending name or value in the text that was scanned.</param>
/// <param name="Length">Its length in bytes, 0 where unknown.</param>
public readonly record struct RecordFault(RecordFaultCode Code, int Slot, int Start, int Length)
{
    public static RecordFault None => new(RecordFaultCode.None, -1, 0, 0);

    public bool IsNone => Code == RecordFaultCode.None;
}
