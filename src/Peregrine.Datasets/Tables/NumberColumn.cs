using System.Globalization;
using System.Text;
using Peregrine.Records;

namespace Peregrine.Datasets.Tables;

/// <summary>A column whose values live in a <see cref="double"/>: numbers, booleans, moments, days. NaN is missing.</summary>
public sealed class NumberColumn : TableColumn
{
    private readonly double[] _values;

    public NumberColumn(Field field, double[] values)
        : base(field, values.Length, CountMissing(values))
    {
        if (field.Kind == FieldKind.Text) throw new ArgumentException($"Column '{field.Name}' is text.", nameof(field));
        _values = values;
    }

    public ReadOnlySpan<double> Values => _values;

    public double this[int row] => _values[row];

    public override bool IsMissing(int row) => double.IsNaN(_values[row]);

    public override string? Text(int row) => IsMissing(row) ? null : Format(Kind, _values[row]);

    /// <summary>The text of a value, from which <see cref="FieldParsing"/> gives the same bits.</summary>
    public static string Format(FieldKind kind, double value)
    {
        switch (kind)
        {
            case FieldKind.Boolean:
                return value != 0 ? "true" : "false";
            case FieldKind.Date or FieldKind.DateTime:
                Span<byte> text = stackalloc byte[32];
                return Encoding.ASCII.GetString(text[..FieldParsing.FormatDateTime(value, kind == FieldKind.Date, text)]);
            default:
                return value.ToString("R", CultureInfo.InvariantCulture);
        }
    }

    internal override void CopyTo(int row, TypedRecord record, int slot) => record.SetNumber(slot, _values[row]);

    private static int CountMissing(double[] values)
    {
        var missing = 0;
        foreach (var value in values)
            if (double.IsNaN(value)) missing++;
        return missing;
    }
}
