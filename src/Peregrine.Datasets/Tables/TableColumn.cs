using Peregrine.Records;

namespace Peregrine.Datasets.Tables;

/// <summary>One column of a <see cref="Table"/>: a <see cref="NumberColumn"/> or a <see cref="TextColumn"/>.</summary>
public abstract class TableColumn
{
    private protected TableColumn(Field field, int rows, int missing)
    {
        Field = field;
        Rows = rows;
        Missing = missing;
    }

    public Field Field { get; }

    public string Name => Field.Name;

    public FieldKind Kind => Field.Kind;

    public int Rows { get; }

    /// <summary>Rows without a value.</summary>
    public int Missing { get; }

    public bool IsAllMissing => Missing == Rows;

    /// <summary>Texts beside the empty cell that were read as missing, such as <c>NA</c>; empty for most columns.</summary>
    public IReadOnlyList<string> MissingTokens { get; init; } = [];

    public abstract bool IsMissing(int row);

    /// <summary>The value as a caller would write it; null when missing.</summary>
    public abstract string? Text(int row);

    internal abstract void CopyTo(int row, TypedRecord record, int slot);
}
