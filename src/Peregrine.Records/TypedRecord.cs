namespace Peregrine.Records;

/// <summary>
/// One row, typed, reusable: a double or a piece of UTF-8 text per slot, with all text in one growing byte arena.
/// Not thread-safe; a record belongs to one request or one loop at a time.
/// </summary>
/// <remarks>
/// A slot's kind is the business of its <see cref="RecordSchema"/>: numbers are read by <see cref="Number"/>, text by
/// <see cref="TryGetText"/>. After <see cref="Clear"/> every slot is missing both ways.
/// </remarks>
public sealed class TypedRecord
{
    private readonly double[] _numbers;
    private readonly int[] _starts;
    private readonly int[] _lengths; // -1 = missing
    private readonly ulong[] _given;
    private RecordNotes? _notes;
    private byte[] _arena;
    private int _used;

    /// <param name="slots">How many slots; 0 or more.</param>
    /// <param name="arenaBytes">Bytes of text to hold without growing.</param>
    public TypedRecord(int slots, int arenaBytes = 1024)
    {
        _numbers = new double[slots];
        _starts = new int[slots];
        _lengths = new int[slots];
        _given = new ulong[(slots + 63) / 64];
        _arena = new byte[arenaBytes];
        Clear();
    }

    public int Slots => _numbers.Length;

    /// <summary>Makes every slot missing and not given.</summary>
    public void Clear()
    {
        _numbers.AsSpan().Fill(double.NaN);
        _lengths.AsSpan().Fill(-1);
        _given.AsSpan().Clear();
        _notes?.Clear();
        _used = 0;
    }

    /// <summary>The number of a slot; NaN when missing.</summary>
    public double Number(int slot) => _numbers[slot];

    public void SetNumber(int slot, double value) => _numbers[slot] = value;

    /// <summary>The text of a slot; false when missing. The span is valid until the record is next written to.</summary>
    public bool TryGetText(int slot, out ReadOnlySpan<byte> text)
    {
        var length = _lengths[slot];
        if (length < 0)
        {
            text = default;
            return false;
        }

        text = _arena.AsSpan(_starts[slot], length);
        return true;
    }

    /// <summary>Copies text into the record. Empty text is a missing value.</summary>
    public void SetText(int slot, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            _lengths[slot] = -1;
            return;
        }

        text.CopyTo(BeginText(text.Length));
        EndText(slot, text.Length);
    }

    /// <summary>Makes one slot missing.</summary>
    public void SetMissing(int slot)
    {
        _numbers[slot] = double.NaN;
        _lengths[slot] = -1;
    }

    /// <summary>Whether a caller gave the slot, be it with a missing value.</summary>
    public bool IsGiven(int slot) => (_given[slot >> 6] & (1UL << (slot & 63))) != 0;

    /// <summary>Notes that the caller gave a slot. False when it was given before.</summary>
    public bool MarkGiven(int slot)
    {
        ref var word = ref _given[slot >> 6];
        var bit = 1UL << (slot & 63);
        if ((word & bit) != 0) return false;
        word |= bit;
        return true;
    }

    /// <summary>Whether <see cref="Notes"/> hold anything.</summary>
    public bool HasNotes => _notes is { Count: > 0 };

    /// <summary>How the record differs from its schema and was taken all the same.</summary>
    public RecordNotes Notes => _notes ??= new();

    /// <summary>Notes a slot's text; <see cref="NotedText"/> gives it even when the slot has changed since.</summary>
    public void NoteText(RecordFaultCode code, int slot) => Notes.Add(new(code, slot, _starts[slot], Math.Max(0, _lengths[slot])));

    /// <summary>The text of a note that <see cref="NoteText"/> made.</summary>
    public ReadOnlySpan<byte> NotedText(in RecordNote note) => _arena.AsSpan(note.Start, note.Length);

    /// <summary>Room at the arena's end for text of at most <paramref name="maxLength"/> bytes; close it with <see cref="EndText"/>.</summary>
    internal Span<byte> BeginText(int maxLength)
    {
        if (_arena.Length - _used < maxLength) Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _used + maxLength));
        return _arena.AsSpan(_used, maxLength);
    }

    /// <summary>Gives the slot the first <paramref name="length"/> bytes of the room that <see cref="BeginText"/> gave.</summary>
    internal void EndText(int slot, int length)
    {
        _starts[slot] = _used;
        _lengths[slot] = length == 0 ? -1 : length;
        _used += length;
    }
}
