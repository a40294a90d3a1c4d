namespace Peregrine.Datasets.Csv;

/// <summary>How a file separates its fields. Found once by <see cref="CsvFormatDetector"/>, then stored with the dataset.</summary>
/// <param name="Delimiter">One of comma, semicolon, tab, pipe.</param>
/// <param name="TrimBlanks">Fields stand behind blanks (<c>a, b, c</c>) that belong to no value.</param>
public sealed record CsvFormat(char Delimiter, bool TrimBlanks = false)
{
    public static CsvFormat Comma { get; } = new(',');
}
