namespace Peregrine.Training;

/// <summary>Why a training was refused or ended. Stable names: they travel to callers.</summary>
public enum TrainingErrorCode
{
    /// <summary>The target, an ignored column or the time column is not in the table.</summary>
    UnknownColumn,

    /// <summary>The target has no value in some rows, or in none.</summary>
    TargetMissing,

    /// <summary>The target has one class, too many classes, or cannot be predicted as asked.</summary>
    TargetUnusable,

    TooFewRows,

    /// <summary>The column to split by is no date or moment, or has rows without a value.</summary>
    TimeColumnUnusable,

    /// <summary>Every column was ignored or rejected.</summary>
    NoFeatures,

    /// <summary>A preparation step, a share, a seed or another setting does not fit.</summary>
    BadRequest,

    /// <summary>The tree library or what it needs is not installed.</summary>
    NativeLibraryMissing,

    /// <summary>The tree library reported a fault.</summary>
    NativeLibraryFailed,
}

/// <summary>A training that cannot be done: what is wrong, where, and what to do about it.</summary>
public sealed class TrainingException : Exception
{
    public TrainingException(TrainingErrorCode code, string message, string hint, string? column = null, long? row = null, Exception? cause = null)
        : base(message, cause)
    {
        Code = code;
        Hint = hint;
        Column = column;
        Row = row;
    }

    public TrainingErrorCode Code { get; }

    /// <summary>The next step for who asked.</summary>
    public string Hint { get; }

    public string? Column { get; }

    /// <summary>Row as a spreadsheet counts it: the header is 1.</summary>
    public long? Row { get; }
}
