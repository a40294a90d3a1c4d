using Peregrine.Records;

namespace Peregrine.Datasets.Tables;

/// <summary>An immutable table in memory, by columns. Thread-safe.</summary>
public sealed class Table
{
    private readonly TableColumn[] _columns;

    /// <exception cref="ArgumentException">Columns of different length, or two of one name.</exception>
    public Table(IEnumerable<TableColumn> columns)
    {
        _columns = [.. columns];
        Rows = _columns.Length == 0 ? 0 : _columns[0].Rows;
        if (Array.Exists(_columns, column => column.Rows != Rows)) throw new ArgumentException("Columns differ in length.", nameof(columns));
        Schema = new RecordSchema(_columns.Select(column => column.Field));
    }

    public RecordSchema Schema { get; }

    public int Rows { get; }

    public IReadOnlyList<TableColumn> Columns => _columns;

    /// <summary>The column of a name, or null.</summary>
    public TableColumn? Find(string name) => Schema.IndexOf(name) is >= 0 and var at ? _columns[at] : null;

    /// <summary>Prepares the copying of rows into records of a schema: its fields are found among the columns by name.</summary>
    /// <param name="fields">A part of the table's columns, in any order.</param>
    /// <exception cref="ArgumentException">A field is no column, or text here and a number there.</exception>
    public RecordFiller Bind(RecordSchema fields) => new(this, fields);
}
