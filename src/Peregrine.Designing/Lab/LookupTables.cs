using System.Text;
using Peregrine.Datasets.Tables;
using Peregrine.Designing.Datasets;
using Peregrine.Models;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Preparation;
using Peregrine.Records;

namespace Peregrine.Designing.Lab;

/// <summary>Makes the reference tables of lookup steps out of the project's datasets, with the columns the steps bring.</summary>
internal sealed class LookupTables(DatasetService datasets)
{
    public async Task<IReadOnlyDictionary<string, LookupTable>> BuildAsync(
        string projectKey, IReadOnlyList<PreparationStep> steps, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<string, LookupTable>(StringComparer.Ordinal);
        foreach (var group in steps.OfType<LookupStep>().GroupBy(step => step.Table, StringComparer.Ordinal))
        {
            var keys = group.Select(step => step.TableKey ?? step.Key).Distinct(StringComparer.Ordinal).ToList();
            if (keys.Count > 1)
                throw Refusal.Invalid($"Dataset '{group.Key}' is looked up by {string.Join(" and by ", keys.Select(key => $"'{key}'"))}; one dataset can be looked up by one key.");
            var content = await datasets.LoadReferenceAsync(projectKey, group.Key, cancellationToken);
            var columns = group.SelectMany(step => step.Columns).Select(column => column.Source).Distinct(StringComparer.Ordinal);
            tables[group.Key] = Build(group.Key, content.Table, keys[0], columns, [.. group.Select(step => step.OnMultiple)]);
        }

        return tables;
    }

    /// <param name="onMultiple">Of the steps that look the dataset up; one that refuses keys of several rows decides.</param>
    private static LookupTable Build(string dataset, Table table, string key, IEnumerable<string> columns, IReadOnlyList<MultipleMatches> onMultiple)
    {
        var keyColumn = Column(dataset, table, key);
        byte[][] keys = [.. Enumerable.Range(0, table.Rows).Select(row => Encoding.UTF8.GetBytes(keyColumn.Text(row) ?? ""))];
        LookupTableColumn[] values = [.. columns.Select(name => Copy(Column(dataset, table, name)))];
        var refuses = onMultiple.Contains(MultipleMatches.Refuse);
        try
        {
            return refuses ? new LookupTable(keys, values) : LookupTable.OfFirstRows(keys, values, marksRepeated: onMultiple.Contains(MultipleMatches.Ignore));
        }
        catch (ModelException fault)
        {
            var remedy = refuses && Array.TrueForAll(keys, value => value.Length > 0) ? " To look it up all the same, set the step's onMultiple to First (take the first row) or Ignore (do not score such records)." : "";
            throw Refusal.Invalid($"Dataset '{dataset}' cannot be looked up by '{key}'. {fault.Message}{remedy}", fault);
        }
    }

    private static TableColumn Column(string dataset, Table table, string name) =>
        table.Find(name) ?? throw Refusal.Invalid(
            $"Dataset '{dataset}' has no column '{name}'. Its columns are {string.Join(", ", table.Columns.Select(column => column.Name))}.");

    private static LookupTableColumn Copy(TableColumn column) => column is NumberColumn numbers
        ? new LookupTableColumn(column.Field, numbers.Values.ToArray())
        : new LookupTableColumn(column.Field, Texts((TextColumn)column));

    private static byte[]?[] Texts(TextColumn column)
    {
        var texts = new byte[]?[column.Rows];
        for (var row = 0; row < texts.Length; row++)
            if (!column.IsMissing(row)) texts[row] = column.Utf8(row).ToArray();
        return texts;
    }
}
