using Peregrine.Datasets.Tables;
using Peregrine.Models.Preparation;
using Peregrine.Records;

namespace Peregrine.Training.Planning;

/// <summary>Runs preparation over rows and keeps the result by columns, to look at before features are fitted.</summary>
internal static class RowPreparer
{
    /// <summary>The prepared fields of some rows, as a table of as many rows.</summary>
    public static Table Run(PreparationProgram preparation, Table table, int[] rows, CancellationToken cancellationToken)
    {
        var layout = preparation.Layout;
        var filler = table.Bind(preparation.Inputs);
        var record = new TypedRecord(layout.Count);
        var numbers = layout.Fields.Select(field => field.Kind == FieldKind.Text ? null : new double[rows.Length]).ToArray();
        var texts = layout.Fields.Select(field => field.Kind == FieldKind.Text ? new TextColumnBuilder(rows.Length) : null).ToArray();
        for (var at = 0; at < rows.Length; at++)
        {
            if ((at & 0xFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            filler.Fill(rows[at], record);
            preparation.Apply(record);
            for (var slot = 0; slot < layout.Count; slot++)
            {
                if (numbers[slot] is { } column) column[at] = record.Number(slot);
                else
                {
                    record.TryGetText(slot, out var text);
                    texts[slot]!.Add(text);
                }
            }
        }

        return new Table(layout.Fields.Select((field, slot) =>
            numbers[slot] is { } column ? new NumberColumn(field, column) : (TableColumn)texts[slot]!.Build(field.Name)));
    }
}
