using Peregrine.Datasets.Csv;
using Peregrine.Records;

namespace Peregrine.Datasets.Storage;

/// <summary>What is known of a stored dataset without reading its rows: the content of its <c>schema.json</c>.</summary>
public sealed record StoredDataset
{
    public const int CurrentFormatVersion = 1;

    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>Changes with every upload.</summary>
    public required string Revision { get; init; }

    public required IReadOnlyList<StoredFile> Files { get; init; }

    public required CsvFormat Format { get; init; }

    public required int Rows { get; init; }

    public required IReadOnlyList<StoredColumn> Columns { get; init; }
}

/// <summary>One uploaded file.</summary>
/// <param name="Id">Its name on disk.</param>
/// <param name="Name">The name it was uploaded under, without folders.</param>
public sealed record StoredFile(string Id, string Name, long Bytes, DateTimeOffset UploadedOn);

/// <summary>One column with the decisions made over all rows.</summary>
/// <param name="Missing">Rows without a value.</param>
/// <param name="MissingTokens">Texts beside the empty cell that were read as missing.</param>
public sealed record StoredColumn(string Name, FieldKind Kind, int Missing, IReadOnlyList<string> MissingTokens);
