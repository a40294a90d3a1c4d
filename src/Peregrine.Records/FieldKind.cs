namespace Peregrine.Records;

/// <summary>What the values of a field are. All but <see cref="Text"/> live in a <see cref="double"/>.</summary>
public enum FieldKind
{
    /// <summary>UTF-8 text: categories, ids, free text.</summary>
    Text,

    /// <summary>A finite number.</summary>
    Number,

    /// <summary>A number that was whole in every row seen.</summary>
    Integer,

    /// <summary>0 or 1; <c>true</c> and <c>false</c> as text.</summary>
    Boolean,

    /// <summary>A moment, as seconds since 1970-01-01T00:00:00 UTC. A value without a zone is read as UTC.</summary>
    DateTime,

    /// <summary>A calendar day, as seconds since 1970-01-01 at its midnight UTC.</summary>
    Date,
}
