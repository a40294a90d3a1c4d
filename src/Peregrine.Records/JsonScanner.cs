using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Peregrine.Records;

/// <summary>
/// A pull reader over one contiguous UTF-8 JSON text (RFC 8259) that tolerates the bare words <c>NaN</c>, <c>Infinity</c> and
/// <c>-Infinity</c> where a value may stand, since Python clients send them. It allocates nothing. After a method returned false, <see cref="Fault"/> and
/// <see cref="Position"/> say why and where.
/// </summary>
/// <remarks>The caller checks once that the text is valid UTF-8 (<see cref="System.Text.Unicode.Utf8.IsValid"/>).</remarks>
public ref struct JsonScanner
{
    private static readonly SearchValues<byte> s_stringStops = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _text;
    private readonly int _maxDepth;
    private int _at;
    private int _depth;

    /// <param name="text">The JSON text.</param>
    /// <param name="maxDepth">Most objects and arrays within each other; 1 or more.</param>
    public JsonScanner(ReadOnlySpan<byte> text, int maxDepth = 64)
    {
        _text = text;
        _maxDepth = maxDepth;
    }

    /// <summary>Byte offset of what is read next, or of the fault.</summary>
    public readonly int Position => _at;

    public JsonFault Fault { get; private set; }

    /// <summary>Goes to a position that was passed earlier, such as an element of a list that is read again.</summary>
    public void MoveTo(int position)
    {
        _at = position;
        _depth = 0;
    }

    /// <summary>The bytes from a position read earlier up to the current one.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => _text[start.._at];

    /// <summary>Where a piece that this scanner gave stands in the text.</summary>
    public readonly int OffsetOf(ReadOnlySpan<byte> piece)
    {
        _text.Overlaps(piece, out var offset);
        return offset;
    }

    /// <summary>Passes over white space and tells what stands next, without reading it.</summary>
    public JsonKind Peek()
    {
        SkipBlanks();
        if (_at >= _text.Length) return JsonKind.End;
        return _text[_at] switch
        {
            (byte)'{' => JsonKind.Object,
            (byte)'[' => JsonKind.Array,
            (byte)'"' => JsonKind.String,
            (byte)'t' => JsonKind.True,
            (byte)'f' => JsonKind.False,
            (byte)'n' => JsonKind.Null,
            (byte)'-' or (byte)'N' or (byte)'I' or (>= (byte)'0' and <= (byte)'9') => JsonKind.Number,
            _ => JsonKind.Invalid,
        };
    }

    /// <summary>Reads <c>{</c>. Follow it with <see cref="TryNextMember"/>.</summary>
    public bool TryBeginObject() => TryBegin((byte)'{');

    /// <summary>Reads <c>[</c>. Follow it with <see cref="TryNextElement"/>.</summary>
    public bool TryBeginArray() => TryBegin((byte)'[');

    /// <summary>
    /// Reads up to a member's value, or the closing brace. False at the object's end (<see cref="Fault"/> is none) and on a fault.
    /// </summary>
    /// <param name="first">True before the first member; the method sets it.</param>
    /// <param name="name">The raw name, escapes not resolved.</param>
    /// <param name="escaped">Whether the name holds escapes.</param>
    public bool TryNextMember(ref bool first, out ReadOnlySpan<byte> name, out bool escaped)
    {
        name = default;
        escaped = false;
        if (!TryNext(ref first, (byte)'}')) return false;
        if (!TryReadString(out name, out escaped)) return false;
        SkipBlanks();
        return TryByte((byte)':');
    }

    /// <summary>Reads up to an element, or the closing bracket. False at the array's end (<see cref="Fault"/> is none) and on a fault.</summary>
    public bool TryNextElement(ref bool first) => TryNext(ref first, (byte)']');

    /// <summary>Reads a string and gives its raw bytes, without the quotes. Escapes are checked when resolved by <see cref="Unescape"/>.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> raw, out bool escaped)
    {
        raw = default;
        escaped = false;
        SkipBlanks();
        if (!TryByte((byte)'"')) return false;
        var start = _at;
        while (true)
        {
            var stop = _text[_at..].IndexOfAny(s_stringStops);
            if (stop < 0)
            {
                _at = _text.Length;
                return Fail(JsonFault.UnexpectedEnd);
            }

            _at += stop;
            if (_text[_at] == '"')
            {
                raw = _text[start.._at++];
                return true;
            }

            if (_text[_at] != '\\') return Fail(JsonFault.ControlCharacterInString);
            escaped = true;
            if (!TrySkipEscape()) return false;
        }
    }

    /// <summary>Reads a number token (or a tolerated word) and gives its bytes.</summary>
    public bool TryReadNumber(out ReadOnlySpan<byte> token)
    {
        SkipBlanks();
        var start = _at;
        token = default;
        var negative = TryTake((byte)'-');
        if (TryWord("Infinity"u8) || (!negative && TryWord("NaN"u8)))
        {
            token = _text[start.._at];
            return true;
        }

        if (!TryTake((byte)'0') && !TryDigits()) return Fail(JsonFault.BadNumber);
        if (TryTake((byte)'.') && !TryDigits()) return Fail(JsonFault.BadNumber);
        if (TryTake((byte)'e') || TryTake((byte)'E'))
        {
            if (!TryTake((byte)'+')) TryTake((byte)'-');
            if (!TryDigits()) return Fail(JsonFault.BadNumber);
        }

        token = _text[start.._at];
        return true;
    }

    /// <summary>Reads <c>true</c>, <c>false</c> or <c>null</c>; the caller has peeked.</summary>
    public bool TryReadWord(JsonKind kind)
    {
        var word = kind switch { JsonKind.True => "true"u8, JsonKind.False => "false"u8, _ => "null"u8 };
        SkipBlanks();
        return TryWord(word) || Fail(_at >= _text.Length ? JsonFault.UnexpectedEnd : JsonFault.UnexpectedByte);
    }

    /// <summary>Reads past one value of any kind.</summary>
    public bool TrySkipValue()
    {
        var kind = Peek();
        switch (kind)
        {
            case JsonKind.String:
                return TryReadString(out _, out _);
            case JsonKind.Number:
                return TryReadNumber(out _);
            case JsonKind.True or JsonKind.False or JsonKind.Null:
                return TryReadWord(kind);
            case JsonKind.Object:
                if (!TryBeginObject()) return false;
                for (var first = true; TryNextMember(ref first, out _, out _);)
                    if (!TrySkipValue()) return false;
                return Fault == JsonFault.None;
            case JsonKind.Array:
                if (!TryBeginArray()) return false;
                for (var first = true; TryNextElement(ref first);)
                    if (!TrySkipValue()) return false;
                return Fault == JsonFault.None;
            default:
                return Fail(kind == JsonKind.End ? JsonFault.UnexpectedEnd : JsonFault.UnexpectedByte);
        }
    }

    /// <summary>Whether nothing but white space is left.</summary>
    public bool TryEnd()
    {
        SkipBlanks();
        return _at == _text.Length || Fail(JsonFault.UnexpectedByte);
    }

    /// <summary>Resolves the escapes of a raw string.</summary>
    /// <param name="raw">As <see cref="TryReadString"/> gave it.</param>
    /// <param name="destination">At least as long as <paramref name="raw"/>.</param>
    /// <returns>Bytes written, or -1 where an escape names half a surrogate pair.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var stop = raw.IndexOf((byte)'\\');
            if (stop < 0)
            {
                raw.CopyTo(destination[written..]);
                return written + raw.Length;
            }

            raw[..stop].CopyTo(destination[written..]);
            written += stop;
            var kind = raw[stop + 1];
            raw = raw[(stop + 2)..];
            if (kind != 'u')
            {
                destination[written++] = kind switch
                {
                    (byte)'b' => 8, (byte)'f' => 12, (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, _ => kind,
                };
                continue;
            }

            int unit = Hex4(raw);
            raw = raw[4..];
            if (char.IsHighSurrogate((char)unit))
            {
                if (raw.Length < 6 || raw[0] != '\\' || raw[1] != 'u' || !char.IsLowSurrogate((char)Hex4(raw[2..]))) return -1;
                unit = char.ConvertToUtf32((char)unit, (char)Hex4(raw[2..]));
                raw = raw[6..];
            }
            else if (char.IsLowSurrogate((char)unit)) return -1;

            written += new Rune(unit).EncodeToUtf8(destination[written..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') _at++;
    }

    private bool TryBegin(byte opening)
    {
        SkipBlanks();
        if (!TryByte(opening)) return false;
        if (++_depth > _maxDepth) return Fail(JsonFault.TooDeep);
        return true;
    }

    private bool TryNext(ref bool first, byte closing)
    {
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == closing)
        {
            _at++;
            _depth--;
            return false;
        }

        if (first) first = false;
        else if (!TryByte((byte)',')) return false;
        else SkipBlanks();

        return _at < _text.Length || Fail(JsonFault.UnexpectedEnd);
    }

    private bool TryByte(byte expected)
    {
        if (_at >= _text.Length) return Fail(JsonFault.UnexpectedEnd);
        if (_text[_at] != expected) return Fail(JsonFault.UnexpectedByte);
        _at++;
        return true;
    }

    private bool TryTake(byte expected)
    {
        if (_at >= _text.Length || _text[_at] != expected) return false;
        _at++;
        return true;
    }

    private bool TryWord(ReadOnlySpan<byte> word)
    {
        if (!_text[_at..].StartsWith(word)) return false;
        _at += word.Length;
        return true;
    }

    private bool TryDigits()
    {
        var start = _at;
        while (_at < _text.Length && (uint)(_text[_at] - '0') <= 9) _at++;
        return _at > start;
    }

    private bool TrySkipEscape()
    {
        if (_at + 1 >= _text.Length)
        {
            _at = _text.Length;
            return Fail(JsonFault.UnexpectedEnd);
        }

        switch (_text[_at + 1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                _at += 2;
                return true;
            case (byte)'u' when _at + 6 <= _text.Length && Hex4(_text[(_at + 2)..]) >= 0:
                _at += 6;
                return true;
            default:
                return Fail(JsonFault.BadEscape);
        }
    }

    private static int Hex4(ReadOnlySpan<byte> text)
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            var b = text[i];
            var digit = b switch
            {
                >= (byte)'0' and <= (byte)'9' => b - '0',
                >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
                _ => -1,
            };
            if (digit < 0) return -1;
            value = (value << 4) | digit;
        }

        return value;
    }

    private bool Fail(JsonFault fault)
    {
        if (Fault == JsonFault.None) Fault = fault;
        return false;
    }
}
