namespace Peregrine.Datasets.Csv;

/// <summary>Knows a file by its first bytes, whatever its name says.</summary>
internal static class FileSignature
{
    private static readonly (byte[] Magic, string What, string Hint)[] s_known =
    [
        ([.. "PK\u0003\u0004"u8], "a zip archive or an Excel workbook", "Unpack it, or save the sheet as CSV (UTF-8), and upload that file."),
        ([.. "PAR1"u8], "a Parquet file", "Write the table as CSV and upload that file."),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook", "Save the sheet as CSV (UTF-8) and upload that file."),
        ([.. "SQLite format 3"u8], "an SQLite database", "Export the table as CSV and upload that file."),
        ([.. "%PDF-"u8], "a PDF document", "Upload the table as CSV."),
        ([.. "Obj\u0001"u8], "an Avro file", "Write the table as CSV and upload that file."),
        ([.. "ORC"u8, 0x08], "an ORC file", "Write the table as CSV and upload that file."),
        ([.. "BZh"u8, (byte)'9'], "a bzip2 archive", "Unpack it, or compress it with gzip."),
        ([0xFD, .. "7zXZ"u8], "an xz archive", "Unpack it, or compress it with gzip."),
        ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive", "Unpack it, or compress it with gzip."),
        ([.. "7z"u8, 0xBC, 0xAF], "a 7-Zip archive", "Unpack it, or compress it with gzip."),
        ([0x89, .. "PNG"u8], "a picture", "Upload the table as CSV."),
        ([0x7F, .. "ELF"u8], "a program", "Upload the table as CSV."),
        ([.. "<?xml"u8], "an XML document", "Upload the table as CSV."),
        ([.. "<!DOCTYPE"u8], "a web page", "Check the address that the file came from, and upload the table as CSV."),
        ([.. "<html"u8], "a web page", "Check the address that the file came from, and upload the table as CSV."),
    ];

    public static bool IsGzip(ReadOnlySpan<byte> head) => head.Length >= 3 && head[0] == 0x1F && head[1] == 0x8B && head[2] == 8;

    /// <summary>Throws for content that is known not to be a CSV in UTF-8.</summary>
    public static void Check(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
            throw new DatasetException(DatasetErrorCode.Empty, "The file is empty.", "Upload a CSV file with a header line and at least one row.");
        foreach (var (magic, what, hint) in s_known)
        {
            if (head.StartsWith(magic))
                throw new DatasetException(DatasetErrorCode.NotCsv, $"The file is {what}, not a CSV.", hint);
        }

        CheckEncoding(head);
        if (head.Contains((byte)0))
            throw new DatasetException(
                DatasetErrorCode.NotCsv, $"The file is binary, not a CSV: byte {head.IndexOf((byte)0) + 1} is NUL.", "Upload the table as CSV, text in UTF-8.");
        if (LooksLikeJson(head))
            throw new DatasetException(DatasetErrorCode.NotCsv, "The file is JSON, not a CSV.", "Write the table as CSV and upload that file.");
    }

    private static void CheckEncoding(ReadOnlySpan<byte> head)
    {
        const string hint = "Save the file with the encoding UTF-8 and upload it again.";
        if (head.StartsWith<byte>([0xFF, 0xFE]) || head.StartsWith<byte>([0xFE, 0xFF]))
            throw new DatasetException(DatasetErrorCode.WrongEncoding, "The file is in UTF-16, not in UTF-8.", hint);
        if (head.Length < 8) return;
        var evenNul = head[0] == 0 && head[2] == 0 && head[4] == 0 && head[1] != 0;
        var oddNul = head[1] == 0 && head[3] == 0 && head[5] == 0 && head[0] != 0;
        if (evenNul || oddNul)
            throw new DatasetException(DatasetErrorCode.WrongEncoding, "The file looks like UTF-16 without a byte order mark, not UTF-8.", hint);
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> head)
    {
        var text = head.TrimStart(" \r\n\t"u8);
        if (text.StartsWith("["u8)) text = text[1..].TrimStart(" \r\n\t"u8);
        return text.StartsWith("{"u8) && text[1..].TrimStart(" \r\n\t"u8).StartsWith("\""u8);
    }
}
