using Peregrine.Records;

namespace Peregrine.Datasets.Tables;

/// <summary>A text column: per row a code into the dictionary of its distinct texts; -1 is missing.</summary>
public sealed class TextColumn : TableColumn
{
    private readonly int[] _codes;

    internal TextColumn(string name, int[] codes, Utf8Dictionary dictionary)
        : base(new Field(name, FieldKind.Text), codes.Length, codes.Count(code => code < 0))
    {
        _codes = codes;
        Dictionary = dictionary;
    }

    public Utf8Dictionary Dictionary { get; }

    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>A text column of these values; null and the empty text are missing.</summary>
    public static TextColumn Of(string name, IEnumerable<string?> values)
    {
        var dictionary = new Utf8Dictionary();
        int[] codes = [.. values.Select(value => string.IsNullOrEmpty(value) ? -1 : dictionary.Add(System.Text.Encoding.UTF8.GetBytes(value)))];
        return new TextColumn(name, codes, dictionary);
    }

    public override bool IsMissing(int row) => _codes[row] < 0;

    /// <summary>The UTF-8 value of a row; empty when missing.</summary>
    public ReadOnlySpan<byte> Utf8(int row) => _codes[row] < 0 ? default : Dictionary[_codes[row]];

    public override string? Text(int row) => _codes[row] < 0 ? null : Dictionary.Text(_codes[row]);

    internal override void CopyTo(int row, TypedRecord record, int slot) => record.SetText(slot, Utf8(row));
}
