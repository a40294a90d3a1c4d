using System.Globalization;
using System.Text;
using Peregrine.Datasets.Tables;
using Peregrine.Records;

namespace Peregrine.Datasets.Csv;

/// <summary>Whether the first line can be the names of columns.</summary>
internal static class HeaderCheck
{
    private const string NoHeaderHint = "Add a first line with the names of the columns.";

    /// <summary>The column names of a header line.</summary>
    /// <exception cref="DatasetException">All cells look like data, or a name is empty or stands twice.</exception>
    public static string[] Names(byte[][] header)
    {
        if (Array.TrueForAll(header, cell => cell.Length == 0 || LooksLikeData(cell)) && Array.Exists(header, LooksLikeData))
            throw NoHeader("The first line holds values, not column names", header);
        var names = Array.ConvertAll(header, cell => Encoding.UTF8.GetString(cell).Trim());
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = 0; at < names.Length; at++)
        {
            var name = names[at];
            if (name.Length == 0)
                throw new DatasetException(
                    DatasetErrorCode.EmptyColumnName, $"Column {at + 1} has no name.", $"Name column {at + 1} in the first line, or take it out of the file.",
                    1, (at + 1).ToString(CultureInfo.InvariantCulture));
            if (!seen.TryAdd(name, at))
                throw new DatasetException(
                    DatasetErrorCode.DuplicateColumnName, $"Columns {seen[name] + 1} and {at + 1} are both named '{name}'.",
                    $"Rename one of them, or, if the first line holds values: {NoHeaderHint}", 1, name);
        }

        return names;
    }

    /// <summary>
    /// Refuses a header that is plainly one more row: every column of numbers, moments or booleans has one in its header too, and
    /// a text column's header is one of its values. A header of years over columns of numbers passes, its text columns tell it apart.
    /// </summary>
    public static void ThrowIfHeaderIsARow(byte[][] header, Table table)
    {
        int typed = 0, texts = 0, repeated = 0;
        for (var at = 0; at < header.Length; at++)
        {
            var column = table.Columns[at];
            if (column.IsAllMissing) continue;
            if (column is TextColumn text)
            {
                texts++;
                if (text.Dictionary.IndexOf(header[at]) >= 0) repeated++;
            }
            else
            {
                typed++;
                if (!FieldParsing.TryParse(column.Kind, header[at], out _)) return;
            }
        }

        var isRow = typed > 0 ? repeated > 0 : texts > 1 && repeated == texts;
        if (isRow) throw NoHeader("The first line looks like one more row of values, not like column names", header);
    }

    private static bool LooksLikeData(byte[] cell) =>
        FieldParsing.TryNumber(cell, out _) || FieldParsing.TryDateTime(cell, out _) || (cell.Length > 1 && FieldParsing.TryBoolean(cell, out _));

    private static DatasetException NoHeader(string what, byte[][] header) => new(
        DatasetErrorCode.NoHeader, $"{what}: {string.Join(", ", header.Take(3).Select(cell => $"'{Encoding.UTF8.GetString(cell)}'"))}.", NoHeaderHint, 1);
}
