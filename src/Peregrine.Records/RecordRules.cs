namespace Peregrine.Records;

/// <summary>What a <see cref="RecordReader"/> does with each way in which a record can differ from its schema.</summary>
public readonly record struct RecordRules
{
    /// <summary>A name that is no field; where it is taken, it is dropped.</summary>
    public Tolerance Unknown { get; init; }

    /// <summary>A field that is not given; where it is taken, its value is missing.</summary>
    public Tolerance Missing { get; init; }

    /// <summary>A value that does not fit its field; where it is taken, it is missing.</summary>
    public Tolerance WrongType { get; init; }

    /// <summary>A JSON value of another type that can be converted.</summary>
    public Tolerance Converted { get; init; }
}
