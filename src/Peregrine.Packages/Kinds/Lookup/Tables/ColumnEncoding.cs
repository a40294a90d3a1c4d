namespace Peregrine.Packages.Kinds.Lookup.Tables;

/// <summary>How a column of an <see cref="IndexedTable"/> is stored. The numbers are part of the format.</summary>
internal enum ColumnEncoding : byte
{
    /// <summary>A double per row; NaN is missing.</summary>
    Doubles = 0,

    /// <summary>A whole number of four bytes per row; the least one is missing.</summary>
    Integers = 1,

    /// <summary>A whole number of one byte per row, 0 to 254; 255 is missing.</summary>
    Bytes = 2,

    /// <summary>A text per row, one behind the other; the empty one is missing.</summary>
    Texts = 3,

    /// <summary>A place in a list of distinct texts per row, of one byte.</summary>
    Codes1 = 4,

    /// <summary>The same of two bytes.</summary>
    Codes2 = 5,

    /// <summary>The same of four bytes.</summary>
    Codes4 = 6,
}
