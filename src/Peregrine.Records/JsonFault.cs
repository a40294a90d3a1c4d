namespace Peregrine.Records;

/// <summary>Why a JSON text cannot be read.</summary>
public enum JsonFault
{
    None,
    UnexpectedEnd,
    UnexpectedByte,
    BadEscape,
    ControlCharacterInString,
    BadNumber,
    TooDeep,
}
