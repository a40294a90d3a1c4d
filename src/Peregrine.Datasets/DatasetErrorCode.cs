namespace Peregrine.Datasets;

/// <summary>Why a file was refused. Stable names: they travel to callers.</summary>
public enum DatasetErrorCode
{
    /// <summary>No bytes, no header line, or no row below the header.</summary>
    Empty,

    /// <summary>Not text in columns: a binary file, an archive, a workbook, JSON, markup.</summary>
    NotCsv,

    /// <summary>Bytes that are not UTF-8, or a UTF-16 or UTF-32 file.</summary>
    WrongEncoding,

    /// <summary>A gzip file that ends early or is damaged.</summary>
    BrokenArchive,

    /// <summary>The first line holds data, not column names.</summary>
    NoHeader,

    EmptyColumnName,

    DuplicateColumnName,

    /// <summary>A row with more or fewer fields than the header.</summary>
    RaggedRow,

    /// <summary>A quote that never closes, or text behind a closing quote.</summary>
    BadQuotes,

    /// <summary>A limit of <see cref="Csv.CsvReadOptions"/> was passed.</summary>
    TooLarge,

    /// <summary>Two files of one dataset do not have the same columns.</summary>
    ColumnsDiffer,

    /// <summary>No file is stored for the dataset.</summary>
    NoData,

    /// <summary>The stored state of a dataset cannot be read.</summary>
    BrokenStore,
}
