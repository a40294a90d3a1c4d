namespace Peregrine.Records;

/// <summary>What stands next in a JSON text.</summary>
public enum JsonKind
{
    /// <summary>Nothing that JSON allows here.</summary>
    Invalid,
    Object,
    Array,
    String,

    /// <summary>A number, or one of the tolerated words <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>.</summary>
    Number,
    True,
    False,
    Null,

    /// <summary>The text is over.</summary>
    End,
}
