using System.Buffers;
using System.Runtime.CompilerServices;

namespace Peregrine.Datasets.Csv;

/// <summary>
/// Splits a UTF-8 stream into records and fields (RFC 4180, any of LF, CRLF and CR as line end), without turning bytes into
/// characters: what a cell holds is handed to the value parser exactly as it stands in the file.
/// </summary>
/// <remarks>
/// Own code rather than a CSV package: the packages hand out UTF-16 text, which would have to be encoded back for
/// <see cref="Peregrine.Records.FieldParsing"/>, hide invalid bytes behind replacement characters and cannot say where one stood.
/// </remarks>
internal sealed class CsvScanner
{
    private const byte Quote = (byte)'"';

    private readonly Stream _stream;
    private readonly byte _delimiter;
    private readonly bool _trimBlanks;
    private readonly SearchValues<byte> _stops;
    private readonly int _maxRowBytes;
    private byte[] _buffer = new byte[1 << 18];
    private int _begin;  // of the current record
    private int _end;    // of what was read
    private int _next;   // behind the current record
    private bool _ended;
    private int[] _starts = new int[64];
    private int[] _lengths = new int[64];
    private bool[] _doubled = new bool[64];

    public CsvScanner(Stream stream, CsvFormat format, int maxRowBytes)
    {
        _stream = stream;
        _delimiter = (byte)format.Delimiter;
        _trimBlanks = format.TrimBlanks;
        _stops = SearchValues.Create([_delimiter, (byte)'\n', (byte)'\r']);
        _maxRowBytes = maxRowBytes;
    }

    /// <summary>Fields of the current record.</summary>
    public int FieldCount { get; private set; }

    /// <summary>The current record's number; the first is 1.</summary>
    public long Record { get; private set; }

    /// <summary>Bytes handed over by the stream before the current record.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether the current record ended with the stream instead of a line end.</summary>
    public bool EndedByStream { get; private set; }

    /// <summary>An empty line: one field, without a byte.</summary>
    public bool IsBlank => FieldCount == 1 && _next - _begin <= 2 && _lengths[0] == 0 && _buffer[_begin] != Quote;

    /// <summary>The bytes of the current record with its quotes and its line end.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_begin, _next - _begin);

    /// <summary>A field without its quotes; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> this[int field]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _buffer.AsSpan(_starts[field], _lengths[field]);
    }

    /// <summary>Moves to the next record; false at the end.</summary>
    /// <exception cref="DatasetException">Bad quotes, or a record longer than the limit.</exception>
    public bool Read()
    {
        Offset += _next - _begin;
        _begin = _next;
        while (true)
        {
            if (_begin < _end && TryScan())
            {
                Record++;
                return true;
            }

            if (_ended) return false;
            Fill();
        }
    }

    /// <summary>Takes the doubled quotes out of quoted fields. Apart from <see cref="Read"/>, so that <see cref="Raw"/> can be checked first.</summary>
    public void Unescape()
    {
        for (var field = 0; field < FieldCount; field++)
        {
            if (!_doubled[field]) continue;
            var text = _buffer.AsSpan(_starts[field], _lengths[field]);
            var to = 0;
            for (var from = 0; from < text.Length; from++)
            {
                text[to++] = text[from];
                if (text[from] == Quote) from++;
            }

            _lengths[field] = to;
            _doubled[field] = false;
        }
    }

    /// <summary>Finds the end of the record at <see cref="_begin"/>; false when more bytes are needed.</summary>
    private bool TryScan()
    {
        FieldCount = 0;
        var at = _begin;
        while (true)
        {
            var more = _trimBlanks ? SkipBlanks(ref at) : at < _end;
            if (!more && !_ended) return false;
            var outcome = more && _buffer[at] == Quote ? ScanQuoted(ref at) : ScanPlain(ref at);
            if (outcome == Stop.MoreBytes) return false;
            if (outcome == Stop.Field) continue;
            _next = at;
            EndedByStream = outcome == Stop.Stream;
            return true;
        }
    }

    private bool SkipBlanks(ref int at)
    {
        while (at < _end && _buffer[at] == ' ') at++;
        return at < _end;
    }

    private Stop ScanPlain(ref int at)
    {
        var start = at;
        var length = _buffer.AsSpan(at, _end - at).IndexOfAny(_stops);
        if (length < 0)
        {
            if (!_ended) return Stop.MoreBytes;
            length = _end - at;
        }

        at += length;
        if (_trimBlanks)
            while (length > 0 && _buffer[start + length - 1] == ' ') length--;
        Add(start, length, doubled: false);
        return Separator(ref at);
    }

    private Stop ScanQuoted(ref int at)
    {
        var start = at + 1;
        var doubled = false;
        var look = start;
        while (true)
        {
            var found = _buffer.AsSpan(look, _end - look).IndexOf(Quote);
            if (found < 0)
            {
                if (!_ended) return Stop.MoreBytes;
                throw Unclosed();
            }

            look += found + 1;
            if (look == _end && !_ended) return Stop.MoreBytes;
            if (look == _end || _buffer[look] != Quote) break;
            doubled = true;
            look++;
        }

        Add(start, look - 1 - start, doubled);
        at = look;
        while (_trimBlanks && at < _end && _buffer[at] == ' ') at++;
        if (at == _end && !_ended) return Stop.MoreBytes;
        if (at < _end && _buffer[at] != _delimiter && _buffer[at] is not ((byte)'\n' or (byte)'\r'))
            throw new DatasetException(
                DatasetErrorCode.BadQuotes,
                $"Row {Record + 1}, field {FieldCount}: there is text behind a closing quote.",
                "Write a quote inside a quoted field twice (\"\"), and end a quoted field with the separator.",
                Record + 1, FieldCount.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Separator(ref at);
    }

    /// <summary>Steps over what ended a field.</summary>
    private Stop Separator(ref int at)
    {
        if (at == _end) return Stop.Stream;
        var stop = _buffer[at];
        if (stop == '\r')
        {
            if (at + 1 == _end && !_ended) return Stop.MoreBytes;
            at += at + 1 < _end && _buffer[at + 1] == '\n' ? 2 : 1;
            return Stop.Line;
        }

        at++;
        return stop == '\n' ? Stop.Line : Stop.Field;
    }

    private void Add(int start, int length, bool doubled)
    {
        if (FieldCount == _starts.Length)
        {
            Array.Resize(ref _starts, FieldCount * 2);
            Array.Resize(ref _lengths, FieldCount * 2);
            Array.Resize(ref _doubled, FieldCount * 2);
        }

        _starts[FieldCount] = start;
        _lengths[FieldCount] = length;
        _doubled[FieldCount++] = doubled;
    }

    private void Fill()
    {
        var kept = _end - _begin;
        if (kept > _maxRowBytes) throw TooLong();
        var target = kept > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_begin, kept).CopyTo(target);
        _buffer = target;
        _begin = _next = 0;
        _end = kept;
        var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _ended = read == 0;
        _end += read;
    }

    private DatasetException Unclosed() => new(
        DatasetErrorCode.BadQuotes,
        $"Row {Record + 1}: a quote opens in field {FieldCount + 1} and is not closed before the end of the file.",
        "Close the quote, or write a quote inside a quoted field twice (\"\").",
        Record + 1, (FieldCount + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private DatasetException TooLong() => new(
        DatasetErrorCode.TooLarge,
        $"Row {Record + 1} is longer than {_maxRowBytes:N0} bytes.",
        $"Look for a quote in row {Record + 1} that is not closed.",
        Record + 1);

    private enum Stop
    {
        MoreBytes,
        Field,
        Line,
        Stream,
    }
}
