using System.Text;
using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Benchmarks.Engine;

/// <summary>Rows of the demo's payments as objects of features.</summary>
internal static class DemoRows
{
    /// <param name="path">The demo's <c>payments.csv</c>; it has no quoted cells.</param>
    public static List<string> Read(string path, ModelSpec model, int count)
    {
        var lines = File.ReadLines(path);
        var header = lines.First().Split(',').ToList();
        var wanted = model.Inputs.Select(input => (input.Name, input.Kind, Column: header.IndexOf(input.Name))).ToList();
        return [.. lines.Skip(1).Take(count).Select(line => ToJson(line.Split(','), wanted))];
    }

    private static string ToJson(string[] cells, IReadOnlyList<(string Name, FieldKind Kind, int Column)> wanted)
    {
        var json = new StringBuilder("{");
        foreach (var (name, kind, column) in wanted)
        {
            if (json.Length > 1) json.Append(',');
            var isText = kind is FieldKind.Text or FieldKind.DateTime or FieldKind.Date;
            var value = cells[column].Length == 0 ? "null" : isText ? $"\"{cells[column]}\"" : cells[column];
            json.Append('"').Append(name).Append("\":").Append(value);
        }

        return json.Append('}').ToString();
    }
}
