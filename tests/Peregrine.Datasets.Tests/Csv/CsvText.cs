using System.Text;
using Peregrine.Datasets.Csv;
using Peregrine.Datasets.Tables;

namespace Peregrine.Datasets.Tests.Csv;

/// <summary>Reads text as a file.</summary>
internal static class CsvText
{
    public static Table Read(string text, CsvReadOptions? options = null) => ReadAll(Encoding.UTF8.GetBytes(text), options).Table;

    public static CsvTable ReadAll(byte[] bytes, CsvReadOptions? options = null) => CsvTableReader.Read(new MemoryStream(bytes), options);

    public static DatasetException Refusal(string text, CsvReadOptions? options = null) => Refusal(Encoding.UTF8.GetBytes(text), options);

    public static DatasetException Refusal(byte[] bytes, CsvReadOptions? options = null) =>
        Should.Throw<DatasetException>(() => ReadAll(bytes, options));

    public static string?[] Texts(this Table table, string column) =>
        [.. Enumerable.Range(0, table.Rows).Select(row => table.Find(column)!.Text(row))];
}
