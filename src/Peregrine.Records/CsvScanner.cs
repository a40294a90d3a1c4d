using System.Buffers;

namespace Peregrine.Records;

/// <summary>What <see cref="CsvScanner.Read"/> found.</summary>
public enum CsvCell
{
    /// <summary>A cell with another behind it.</summary>
    More,

    /// <summary>The last cell of its record.</summary>
    Last,

    /// <summary>The text breaks off within the cell, and more is to come.</summary>
    NeedMore,

    /// <summary>A quote stands where RFC 4180 allows none, or is never closed.</summary>
    BadQuote,
}

/// <summary>
/// A pull reader over a piece of UTF-8 CSV (RFC 4180: comma, double quotes, lines end in LF or CRLF). It allocates nothing and copies nothing.
/// </summary>
public ref struct CsvScanner
{
    private static readonly SearchValues<byte> s_stops = SearchValues.Create(",\"\r\n"u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _isLast;

    /// <param name="text">Begins at a record.</param>
    /// <param name="isLast">Whether nothing comes behind the text: its end also ends a record.</param>
    /// <param name="line">The number of the text's first line, from 1.</param>
    public CsvScanner(ReadOnlySpan<byte> text, bool isLast, long line = 1)
    {
        _text = text;
        _isLast = isLast;
        Line = line;
    }

    public readonly ReadOnlySpan<byte> Text => _text;

    /// <summary>Byte offset of what is read next.</summary>
    public int Position { get; private set; }

    /// <summary>The line that is read next, from 1; line ends within quotes count.</summary>
    public long Line { get; private set; }

    public readonly bool IsAtEnd => Position == _text.Length;

    /// <summary>Where a cell that was read lies in the text.</summary>
    public readonly int OffsetOf(ReadOnlySpan<byte> cell) => _text.Overlaps(cell, out var offset) ? offset : 0;

    /// <summary>Goes back to where a record began.</summary>
    public void Rewind(int position, long line) => (Position, Line) = (position, line);

    /// <summary>Reads one cell; the position stays where it was unless there is one.</summary>
    /// <param name="raw">The cell without its quotes; double quotes within are still doubled when <paramref name="escaped"/>.</param>
    public CsvCell Read(out ReadOnlySpan<byte> raw, out bool escaped)
    {
        raw = default;
        escaped = false;
        if (Position < _text.Length && _text[Position] == '"') return ReadQuoted(out raw, out escaped);
        for (var at = Position; ; at++)
        {
            var stop = _text[at..].IndexOfAny(s_stops);
            if (stop < 0) return _isLast ? End(out raw, Position, _text.Length, _text.Length, CsvCell.Last) : CsvCell.NeedMore;
            at += stop;
            if (_text[at] == '"') return CsvCell.BadQuote;
            if (TryEnd(at, out var next, out var outcome)) return outcome == CsvCell.NeedMore ? outcome : End(out raw, Position, at, next, outcome);
        }
    }

    /// <summary>Makes one quote of each pair.</summary>
    /// <param name="destination">At least as long as <paramref name="raw"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var quote = raw.IndexOf((byte)'"');
            var taken = quote < 0 ? raw.Length : quote + 1;
            raw[..taken].CopyTo(destination[written..]);
            written += taken;
            if (quote < 0) return written;
            raw = raw[(quote + 2)..];
        }
    }

    private CsvCell ReadQuoted(out ReadOnlySpan<byte> raw, out bool escaped)
    {
        raw = default;
        escaped = false;
        var start = Position + 1;
        for (var at = start; ; at += 2)
        {
            var quote = _text[at..].IndexOf((byte)'"');
            if (quote < 0) return _isLast ? CsvCell.BadQuote : CsvCell.NeedMore;
            at += quote;
            if (at + 1 == _text.Length && !_isLast) return CsvCell.NeedMore;
            if (at + 1 < _text.Length && _text[at + 1] == '"')
            {
                escaped = true;
                continue;
            }

            if (at + 1 == _text.Length) return End(out raw, start, at, _text.Length, CsvCell.Last);
            if (!TryEnd(at + 1, out var next, out var outcome)) return CsvCell.BadQuote;
            return outcome == CsvCell.NeedMore ? outcome : End(out raw, start, at, next, outcome);
        }
    }

    /// <summary>Whether a comma or a line end stands at a place; a CR alone is neither, but at the very end of all.</summary>
    private readonly bool TryEnd(int at, out int next, out CsvCell outcome)
    {
        next = at + 1;
        outcome = _text[at] == ',' ? CsvCell.More : CsvCell.Last;
        if (_text[at] is (byte)',' or (byte)'\n') return true;
        if (_text[at] != '\r') return false;
        if (next == _text.Length)
        {
            if (!_isLast) outcome = CsvCell.NeedMore;
            return true;
        }

        if (_text[next] != '\n') return false;
        next++;
        return true;
    }

    private CsvCell End(out ReadOnlySpan<byte> raw, int start, int end, int next, CsvCell outcome)
    {
        raw = _text[start..end];
        if (start > Position) Line += raw.Count((byte)'\n');
        if (outcome == CsvCell.Last && next > end && _text[next - 1] == '\n') Line++;
        Position = next;
        return outcome;
    }
}
