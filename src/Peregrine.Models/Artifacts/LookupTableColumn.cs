using Peregrine.Records;

namespace Peregrine.Models.Artifacts;

/// <summary>One typed column of a lookup table, row by row.</summary>
public sealed class LookupTableColumn
{
    private readonly double[]? _numbers;
    private readonly Utf8List? _texts;

    /// <param name="field">Its name and kind; not <see cref="FieldKind.Text"/>.</param>
    /// <param name="numbers">One value per row; NaN means missing.</param>
    public LookupTableColumn(Field field, double[] numbers)
    {
        Field = field;
        _numbers = numbers;
    }

    /// <param name="field">Its name, of kind <see cref="FieldKind.Text"/>.</param>
    /// <param name="texts">One UTF-8 value per row; null means missing.</param>
    public LookupTableColumn(Field field, byte[]?[] texts) : this(field, Utf8List.Of(texts))
    {
    }

    /// <param name="field">Its name, of kind <see cref="FieldKind.Text"/>.</param>
    /// <param name="texts">One value per row; the empty text means missing.</param>
    internal LookupTableColumn(Field field, Utf8List texts)
    {
        Field = field;
        _texts = texts;
    }

    public Field Field { get; }

    public int Rows => _numbers?.Length ?? _texts!.Count;

    /// <summary>The number in a row; NaN when missing or when the column holds text.</summary>
    public double Number(int row) => _numbers is null ? double.NaN : _numbers[row];

    /// <summary>The text in a row; empty when missing or when the column holds numbers.</summary>
    public ReadOnlySpan<byte> Text(int row) => _texts is null ? default : _texts[row];

    /// <summary>A column of some of its rows, in the order given.</summary>
    internal LookupTableColumn Take(IReadOnlyList<int> rows) => _numbers is not null
        ? new(Field, [.. rows.Select(row => _numbers[row])])
        : new(Field, (byte[]?[])[.. rows.Select(row => _texts![row].ToArray())]);

    /// <summary>Puts a row's value into a record's slot.</summary>
    internal void CopyTo(int row, TypedRecord record, int slot)
    {
        if (_numbers is not null) record.SetNumber(slot, _numbers[row]);
        else record.SetText(slot, _texts![row]);
    }
}
