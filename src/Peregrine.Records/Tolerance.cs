namespace Peregrine.Records;

/// <summary>What a reader does where a record differs from its schema.</summary>
public enum Tolerance
{
    /// <summary>It is a fault.</summary>
    Refuse,

    /// <summary>The record is taken and <see cref="TypedRecord.Notes"/> tell of it.</summary>
    Note,

    /// <summary>The record is taken.</summary>
    Accept,
}
