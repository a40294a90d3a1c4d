using Peregrine.Records;

namespace Peregrine.Datasets.Tables;

/// <summary>Copies rows of a table into typed records. Immutable, thread-safe; the records are the callers'.</summary>
public sealed class RecordFiller
{
    private readonly TableColumn[] _columns;

    internal RecordFiller(Table table, RecordSchema fields)
    {
        _columns = [.. fields.Fields.Select(field => Column(table, field))];
        Rows = table.Rows;
    }

    public int Rows { get; }

    /// <summary>Clears the record and writes one row into its first slots, in the order of the bound fields.</summary>
    public void Fill(int row, TypedRecord record)
    {
        record.Clear();
        for (var slot = 0; slot < _columns.Length; slot++) _columns[slot].CopyTo(row, record, slot);
    }

    private static TableColumn Column(Table table, Field field)
    {
        var column = table.Find(field.Name) ?? throw new ArgumentException($"The table has no column '{field.Name}'.", nameof(field));
        if ((column.Kind == FieldKind.Text) != (field.Kind == FieldKind.Text))
            throw new ArgumentException($"Column '{field.Name}' is {column.Kind}, not {field.Kind}.", nameof(field));
        return column;
    }
}
