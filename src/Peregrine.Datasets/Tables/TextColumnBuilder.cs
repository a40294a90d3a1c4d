namespace Peregrine.Datasets.Tables;

/// <summary>Gathers a text column row by row.</summary>
public sealed class TextColumnBuilder(int capacity = 256)
{
    private readonly Utf8Dictionary _dictionary = new();
    private int[] _codes = new int[Math.Max(1, capacity)];
    private int _rows;

    /// <summary>Adds a row; empty text is missing.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (_rows == _codes.Length) Array.Resize(ref _codes, _rows * 2);
        _codes[_rows++] = text.IsEmpty ? -1 : _dictionary.Add(text);
    }

    /// <summary>The column of the rows added; the builder is used up.</summary>
    public TextColumn Build(string name) => new(name, _codes[.._rows], _dictionary);
}
