using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Peregrine.Datasets.Tables;

namespace Peregrine.Datasets.Csv;

/// <summary>Reads CSV files, plain or gzip, into a typed <see cref="Table"/>: each column's kind is decided over all rows.</summary>
public static class CsvTableReader
{
    private const int SampleBytes = 1 << 18;

    /// <summary>Reads one file. Works through the stream once, from its present position.</summary>
    /// <exception cref="DatasetException">The file is refused: code, row, column and next step are in it.</exception>
    /// <exception cref="OperationCanceledException"/>
    public static CsvTable Read(Stream stream, CsvReadOptions? options = null, CancellationToken cancellationToken = default) =>
        Read([stream], options, cancellationToken);

    /// <summary>Reads several files with the same header as one table, in their order.</summary>
    /// <inheritdoc cref="Read(Stream, CsvReadOptions?, CancellationToken)"/>
    public static CsvTable Read(IEnumerable<Stream> streams, CsvReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var read = new TableRead(options ?? CsvReadOptions.Default);
        foreach (var stream in streams)
        {
            try
            {
                read.Add(stream, cancellationToken);
            }
            catch (InvalidDataException broken)
            {
                throw new DatasetException(
                    DatasetErrorCode.BrokenArchive, "The gzip file is damaged or ends early.", "Compress the CSV again and upload it whole.", cause: broken);
            }
        }

        return read.Finish();
    }

    private sealed class TableRead(CsvReadOptions options)
    {
        private string[]? _names;
        private byte[][] _header = [];
        private ColumnBuilder[] _columns = [];
        private CsvFormat? _format = options.Format;
        private int _rows;

        public void Add(Stream stream, CancellationToken cancellationToken)
        {
            using var content = Open(stream, options.MaxBytes, out var sample, out var whole);
            var format = _format ?? CsvFormatDetector.Detect(sample, whole);
            var scanner = new CsvScanner(content, format, options.MaxRowBytes);
            var filePosition = content.SkippedBytes;
            ReadHeader(scanner, filePosition);
            _format = format;
            while (Next(scanner, filePosition))
            {
                if (scanner.FieldCount != _columns.Length)
                {
                    if (scanner.IsBlank) continue;
                    throw Ragged(scanner);
                }

                if (_rows == options.MaxRows) throw TooManyRows();
                for (var column = 0; column < _columns.Length; column++) _columns[column].Add(scanner[column]);
                if ((++_rows & 0xFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            }
        }

        public CsvTable Finish()
        {
            if (_rows == 0)
                throw new DatasetException(DatasetErrorCode.Empty, "The file holds a header line and no rows.", "Upload a CSV file with at least one row.");
            var table = new Table(_columns.Select(column => column.Build()));
            HeaderCheck.ThrowIfHeaderIsARow(_header, table);
            return new CsvTable(table, _format!);
        }

        private void ReadHeader(CsvScanner scanner, int filePosition)
        {
            do
            {
                if (!Next(scanner, filePosition))
                    throw new DatasetException(DatasetErrorCode.Empty, "The file holds no line.", "Upload a CSV file with a header line and at least one row.");
            }
            while (scanner.IsBlank);

            if (scanner.FieldCount > options.MaxColumns)
                throw new DatasetException(
                    DatasetErrorCode.TooLarge, $"The header has {scanner.FieldCount:N0} columns; at most {options.MaxColumns:N0} are read.", "Leave columns out of the file.", 1);
            var header = new byte[scanner.FieldCount][];
            for (var field = 0; field < header.Length; field++) header[field] = scanner[field].ToArray();
            var names = HeaderCheck.Names(header);
            if (_names is null)
            {
                _header = header;
                _names = names;
                _columns = [.. names.Select(name => new ColumnBuilder(name))];
            }
            else if (!names.AsSpan().SequenceEqual(_names)) throw ColumnsDiffer(names);
        }

        private static bool Next(CsvScanner scanner, int filePosition)
        {
            if (!scanner.Read()) return false;
            if (!Utf8.IsValid(scanner.Raw)) throw NotUtf8(scanner, filePosition);
            scanner.Unescape();
            return true;
        }

        private static DatasetException NotUtf8(CsvScanner scanner, int filePosition)
        {
            var raw = scanner.Raw;
            var at = 0;
            while (Rune.DecodeFromUtf8(raw[at..], out _, out var length) == System.Buffers.OperationStatus.Done) at += length;
            return new DatasetException(
                DatasetErrorCode.WrongEncoding,
                string.Create(CultureInfo.InvariantCulture,
                    $"Row {scanner.Record} is not UTF-8: byte 0x{raw[at]:X2} at position {at + 1} of the row, {filePosition + scanner.Offset + at + 1} of the file."),
                "Save the file with the encoding UTF-8 (it may now be Windows-1252 or Latin-1) and upload it again.",
                scanner.Record);
        }

        private DatasetException Ragged(CsvScanner scanner) => new(
            DatasetErrorCode.RaggedRow,
            $"Row {scanner.Record} has {scanner.FieldCount} {(scanner.FieldCount == 1 ? "field" : "fields")}, the header has {_columns.Length}.",
            "Give every row the same number of fields; put a value that holds the separator or a line break between quotes.",
            scanner.Record, scanner.FieldCount < _columns.Length ? _names![scanner.FieldCount] : null);

        private DatasetException TooManyRows() => new(
            DatasetErrorCode.TooLarge, $"The file has more than {options.MaxRows:N0} rows.", "Upload a sample of the rows.", options.MaxRows);

        private DatasetException ColumnsDiffer(string[] names)
        {
            var lost = _names!.Except(names, StringComparer.Ordinal).FirstOrDefault();
            var added = names.Except(_names!, StringComparer.Ordinal).FirstOrDefault();
            var what = lost is not null ? $"it lacks column '{lost}'" : added is not null ? $"it has one more column, '{added}'" : "they stand in another order";
            return new DatasetException(
                DatasetErrorCode.ColumnsDiffer, $"The file does not have the columns of the dataset's other files: {what}.",
                "Upload files with equal header lines, or make another dataset of this one.", 1, lost ?? added);
        }

        /// <summary>The decompressed content from its first data byte on, with its beginning as a sample.</summary>
        private static HeadedStream Open(Stream stream, long maxBytes, out byte[] sample, out bool whole)
        {
            var start = stream.CanSeek ? stream.Position : 0;
            var file = new HeadedStream(stream, SampleBytes, maxBytes);
            if (FileSignature.IsGzip(file.Head))
                file = new HeadedStream(new GzipContent(stream, start, file), SampleBytes, maxBytes, ownsInner: true);
            FileSignature.Check(file.Head);
            if (file.Head.StartsWith("\uFEFF"u8)) file.Skip(3);
            sample = file.Head.ToArray();
            whole = sample.Length < SampleBytes - 3;
            return file;
        }
    }
}
