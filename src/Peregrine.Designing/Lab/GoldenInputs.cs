using System.Text;
using Peregrine.Datasets.Tables;
using Peregrine.Models;

namespace Peregrine.Designing.Lab;

/// <summary>
/// Chooses test rows that go into packages as golden records: spread over the range of scores, rows with missing values among
/// them, and one record in which everything is missing. Kept as lines of JSON, so that the dataset may change or go.
/// </summary>
internal static class GoldenInputs
{
    private const int MostScored = 4000;

    /// <param name="allTestRows">At least one.</param>
    /// <param name="count">Most rows, 2 at least.</param>
    public static byte[] Choose(CompiledModel model, Table table, IReadOnlyList<int> allTestRows, int count)
    {
        var testRows = Some(allTestRows);
        var scores = Score(model, table, testRows);
        var order = Enumerable.Range(0, testRows.Length).OrderBy(at => scores[at]).ThenBy(at => at).ToArray();
        var gaps = order.Where(at => HasMissing(model, table, testRows[at])).ToArray();
        var chosen = new SortedSet<int>(Spread(gaps, Math.Min(gaps.Length, count / 4)));
        foreach (var at in Spread(order, Math.Min(order.Length, count - 1 - chosen.Count))) chosen.Add(at);
        var writer = new JsonRowWriter(table, model.Inputs.Fields.Select(field => field.Name));
        using var lines = new MemoryStream();
        foreach (var at in chosen.OrderBy(at => scores[at]))
        {
            lines.Write(writer.ToUtf8(testRows[at]));
            lines.WriteByte((byte)'\n');
        }

        lines.Write(AllMissing(model));
        return lines.ToArray();
    }

    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> lines)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        while (!lines.IsEmpty)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            if (end != 0) records.Add(end < 0 ? lines : lines[..end]);
            lines = end < 0 ? default : lines[(end + 1)..];
        }

        return records;
    }

    /// <summary>Enough rows to find the range of scores in, at equal distances.</summary>
    private static int[] Some(IReadOnlyList<int> rows)
    {
        var count = Math.Min(rows.Count, MostScored);
        return [.. Enumerable.Range(0, count).Select(at => rows[(int)((long)at * rows.Count / count)])];
    }

    private static double[] Score(CompiledModel model, Table table, int[] testRows)
    {
        var filler = table.Bind(model.Inputs);
        var scores = new double[testRows.Length];
        var context = model.Rent();
        try
        {
            for (var at = 0; at < scores.Length; at++)
            {
                filler.Fill(testRows[at], context.Record);
                model.Score(context);
                scores[at] = context.Probabilities.Length > 0 ? context.Probabilities[^1] : context.Value;
            }
        }
        finally
        {
            model.Return(context);
        }

        return scores;
    }

    private static bool HasMissing(CompiledModel model, Table table, int row)
    {
        foreach (var field in model.Inputs.Fields)
            if (table.Find(field.Name)!.IsMissing(row)) return true;
        return false;
    }

    /// <summary>The first, the last, and others at equal distances between them.</summary>
    private static IEnumerable<int> Spread(int[] order, int count)
    {
        for (var at = 0; at < count; at++)
            yield return order[count == 1 ? 0 : (int)((long)at * (order.Length - 1) / (count - 1))];
    }

    private static byte[] AllMissing(CompiledModel model)
    {
        var members = model.Inputs.Fields.Select(field => $"{System.Text.Json.JsonSerializer.Serialize(field.Name, LabJson.Default.String)}:null");
        return Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}");
    }
}
