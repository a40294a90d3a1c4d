namespace Peregrine.Records;

/// <summary>Texts in UTF-8, one behind the other in one array: a list of thousands is two objects. Immutable and thread-safe.</summary>
public sealed class Utf8List
{
    private readonly byte[] _text;
    private readonly int[] _ends;

    private Utf8List(byte[] text, int[] ends)
    {
        _text = text;
        _ends = ends;
    }

    public int Count => _ends.Length;

    /// <summary>The text at a position, 0 to <see cref="Count"/> - 1.</summary>
    public ReadOnlySpan<byte> this[int position]
    {
        get
        {
            var start = position == 0 ? 0 : _ends[position - 1];
            return _text.AsSpan(start, _ends[position] - start);
        }
    }

    /// <param name="texts">Null is the empty text.</param>
    public static Utf8List Of(IEnumerable<byte[]?> texts)
    {
        var builder = new Builder();
        foreach (var text in texts) builder.Add(text);
        return builder.Build();
    }

    /// <summary>Collects texts. At most 2 GiB in all.</summary>
    public sealed class Builder
    {
        private byte[] _text = [];
        private int[] _ends = [];
        private int _length;
        private int _count;

        /// <exception cref="OverflowException">The texts are longer than 2 GiB.</exception>
        public void Add(ReadOnlySpan<byte> text)
        {
            text.CopyTo(Add(text.Length));
        }

        /// <summary>Room for a text of so many bytes, to be written before the next one is added.</summary>
        /// <exception cref="OverflowException">The texts are longer than 2 GiB.</exception>
        public Span<byte> Add(int length)
        {
            var end = checked(_length + length);
            Grow(ref _text, end, 256);
            Grow(ref _ends, _count + 1, 16);
            var place = _text.AsSpan(_length, length);
            _ends[_count++] = _length = end;
            return place;
        }

        public Utf8List Build()
        {
            Array.Resize(ref _text, _length);
            Array.Resize(ref _ends, _count);
            return new(_text, _ends);
        }

        private static void Grow<T>(ref T[] array, int needed, int least)
        {
            if (needed > array.Length) Array.Resize(ref array, (int)Math.Clamp(2L * array.Length, Math.Max(needed, least), Math.Max(needed, Array.MaxLength)));
        }
    }
}
