namespace Peregrine.Datasets.Csv;

/// <summary>Finds the separator of a file from its first rows: the one that gives the most columns in the most equal rows.</summary>
internal static class CsvFormatDetector
{
    private const int SampledRows = 200;
    private const string Delimiters = ",;\t|";

    /// <param name="sample">The file's first bytes, without a byte order mark.</param>
    /// <param name="whole">Whether the sample is the whole file; else its last row may be cut and is left out.</param>
    public static CsvFormat Detect(byte[] sample, bool whole)
    {
        var best = CsvFormat.Comma;
        var bestScore = 0.0;
        foreach (var delimiter in Delimiters)
        {
            var score = Score(sample, whole, delimiter, out var trim);
            if (score <= bestScore) continue;
            bestScore = score;
            best = new CsvFormat(delimiter, trim);
        }

        return best;
    }

    /// <summary>Share of rows with the header's number of columns, a little raised by that number; 0 when there is one column only.</summary>
    private static double Score(byte[] sample, bool whole, char delimiter, out bool trim)
    {
        trim = false;
        var scanner = new CsvScanner(new MemoryStream(sample, writable: false), new CsvFormat(delimiter), int.MaxValue);
        int columns = 0, rows = 0, equal = 0, spaced = 0, inner = 0;
        try
        {
            while (rows < SampledRows && scanner.Read())
            {
                if (scanner.IsBlank || (scanner.EndedByStream && !whole)) continue;
                if (rows++ == 0) columns = scanner.FieldCount;
                if (scanner.FieldCount == columns) equal++;
                for (var field = 1; field < scanner.FieldCount; field++, inner++)
                    if (scanner[field].StartsWith(" "u8)) spaced++;
            }
        }
        catch (DatasetException)
        {
            // A quote that fits no field under this separator: the rows before it count, the reader reports it if it is real.
            rows++;
        }

        trim = inner > 0 && spaced == inner;
        return columns < 2 ? 0 : (double)equal / rows * (1 + 0.001 * Math.Min(columns, 100));
    }
}
