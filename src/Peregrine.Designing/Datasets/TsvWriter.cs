using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Peregrine.Datasets.Tables;
using Peregrine.Records;

namespace Peregrine.Designing.Datasets;

/// <summary>
/// Writes rows as clients read them: tab-separated UTF-8 without header, quoted with <c>"</c> where needed, no blank line.
/// </summary>
internal sealed class TsvWriter(PipeWriter output, IReadOnlyList<TableColumn?> columns)
{
    /// <summary>Most characters that readers take in one field.</summary>
    private const int MaxFieldLength = 131_072;
    private const int FlushBytes = 64 << 10;
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create("\t\"\r\n");

    /// <exception cref="InvalidDataException">A field is longer than readers take.</exception>
    public async Task WriteAsync(int rows, CancellationToken cancellationToken)
    {
        for (var row = 0; row < rows; row++)
        {
            WriteRow(row);
            if (output.UnflushedBytes > FlushBytes) await output.FlushAsync(cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
    }

    private void WriteRow(int row)
    {
        for (var at = 0; at < columns.Count; at++)
        {
            if (at > 0) output.Write("\t"u8);
            if (columns[at] is not { } column) continue;
            var text = Text(column, row);
            if (text is null)
            {
                if (columns.Count == 1) output.Write("\"\""u8);
                continue;
            }

            if (text.Length > MaxFieldLength)
                throw new InvalidDataException($"Row {row + 1}, column '{column.Name}': the text has {text.Length:N0} characters; readers take {MaxFieldLength:N0} at most.");
            if (text.AsSpan().ContainsAny(NeedsQuotes)) text = $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            Encoding.UTF8.GetBytes(text, output);
        }

        output.Write("\n"u8);
    }

    private static string? Text(TableColumn column, int row)
    {
        var text = column.Text(row);
        if (text is null || column.Kind != FieldKind.DateTime || column is not NumberColumn moments) return text;
        var moment = DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(moments[row] * 1000));
        return moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }
}
