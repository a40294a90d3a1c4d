namespace Peregrine.Datasets;

/// <summary>A file or a dataset that cannot be used: what is wrong, where, and what to do about it.</summary>
public sealed class DatasetException : Exception
{
    public DatasetException(
        DatasetErrorCode code, string message, string hint, long? row = null, string? column = null, Exception? cause = null)
        : base(message, cause)
    {
        Code = code;
        Hint = hint;
        Row = row;
        Column = column;
    }

    public DatasetErrorCode Code { get; }

    /// <summary>The next step for the owner of the file.</summary>
    public string Hint { get; }

    /// <summary>Row as a spreadsheet counts it: the header is 1. Null when no row is to blame.</summary>
    public long? Row { get; }

    /// <summary>Column name, or its position as text when it has none. Null when no column is to blame.</summary>
    public string? Column { get; }
}
