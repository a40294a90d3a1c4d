using Peregrine.Datasets.Tables;
using Peregrine.Records;

namespace Peregrine.Datasets.Csv;

/// <summary>
/// Gathers the cells of one column and decides what they are once all were seen. Numbers, moments and words are parsed as they
/// come; the text is kept beside them until the column is certain to be text, so one odd cell in the last row loses nothing.
/// </summary>
internal sealed class ColumnBuilder(string name)
{
    private const int ExactDigits = 15;

    private double[] _numbers = new double[256];
    private byte[] _text = [];
    private int[] _ends = new int[256];
    private int _rows;
    private Shape _open = Shape.Number | Shape.Moment | Shape.Word;
    private bool _whole = true;
    private bool _daysOnly = true;
    private int _values;
    private int _tokens;
    private SortedSet<string>? _tokensSeen;
    private Utf8Dictionary? _dictionary;

    [Flags]
    private enum Shape
    {
        None = 0,
        Number = 1,
        Moment = 2,
        Word = 4,
    }

    public void Add(ReadOnlySpan<byte> cell)
    {
        if (_dictionary is not null)
        {
            AppendCode(cell.IsEmpty ? -1 : _dictionary.Add(cell));
            return;
        }

        var value = double.NaN;
        if (!cell.IsEmpty) value = Classify(cell);
        Append(cell, value);
        if (_open == Shape.None) BecomeText();
    }

    public TableColumn Build()
    {
        if (_dictionary is null && _values == 0) BecomeText();
        if (_dictionary is not null) return new TextColumn(name, _ends[.._rows], _dictionary);
        return new NumberColumn(new Field(name, Kind()), _numbers[.._rows])
        {
            MissingTokens = _tokensSeen is null ? [] : [.. _tokensSeen],
        };
    }

    private FieldKind Kind() => _open switch
    {
        Shape.Number => _whole ? FieldKind.Integer : FieldKind.Number,
        Shape.Moment => _daysOnly ? FieldKind.Date : FieldKind.DateTime,
        _ => FieldKind.Boolean,
    };

    /// <summary>Parses a cell under the shapes still open and closes those it does not fit.</summary>
    private double Classify(ReadOnlySpan<byte> cell)
    {
        if (_open.HasFlag(Shape.Number))
        {
            if (IsPlainNumber(cell) && FieldParsing.TryNumber(cell, out var number))
            {
                _values++;
                _open = Shape.Number;
                _whole = _whole && !cell.ContainsAny(".eE"u8);
                return number;
            }

            if (MissingToken.Is(cell))
            {
                NoteToken(cell);
                return double.NaN;
            }
        }

        if (_open.HasFlag(Shape.Moment) && _tokens == 0 && FieldParsing.TryDateTime(cell, out var moment))
        {
            _values++;
            _open = Shape.Moment;
            _daysOnly &= cell.Length == 10;
            return moment;
        }

        if (_open.HasFlag(Shape.Word) && _tokens == 0 && cell.Length > 1 && FieldParsing.TryBoolean(cell, out var word))
        {
            _values++;
            _open = Shape.Word;
            return word ? 1 : 0;
        }

        _open = Shape.None;
        return double.NaN;
    }

    /// <summary>Ids, codes and zip numbers keep their text: a leading zero, a plus or more digits than a double holds.</summary>
    private static bool IsPlainNumber(ReadOnlySpan<byte> cell)
    {
        var digits = cell[0] == '-' ? cell[1..] : cell;
        if (digits.IsEmpty || digits[0] == '+') return false;
        if (digits.Length > 1 && digits[0] == '0' && digits[1] is >= (byte)'0' and <= (byte)'9') return false;
        return digits.Length <= ExactDigits || digits.ContainsAny(".eE"u8);
    }

    private void NoteToken(ReadOnlySpan<byte> cell)
    {
        _tokens++;
        _tokensSeen ??= new SortedSet<string>(StringComparer.Ordinal);
        _tokensSeen.Add(System.Text.Encoding.ASCII.GetString(cell));
    }

    private void Append(ReadOnlySpan<byte> cell, double value)
    {
        if (_rows == _numbers.Length)
        {
            Array.Resize(ref _numbers, _rows * 2);
            Array.Resize(ref _ends, _rows * 2);
        }

        var start = _rows == 0 ? 0 : _ends[_rows - 1];
        ByteArena.Ensure(ref _text, start, cell.Length);
        cell.CopyTo(_text.AsSpan(start));
        _ends[_rows] = start + cell.Length;
        _numbers[_rows++] = value;
    }

    private void AppendCode(int code)
    {
        if (_rows == _ends.Length) Array.Resize(ref _ends, _rows * 2);
        _ends[_rows++] = code;
    }

    /// <summary>From here on the ends of the texts are their codes.</summary>
    private void BecomeText()
    {
        var dictionary = new Utf8Dictionary();
        var start = 0;
        for (var row = 0; row < _rows; row++)
        {
            var end = _ends[row];
            _ends[row] = end == start ? -1 : dictionary.Add(_text.AsSpan(start, end - start));
            start = end;
        }

        _dictionary = dictionary;
        _numbers = [];
        _text = [];
        _tokensSeen = null;
    }
}
