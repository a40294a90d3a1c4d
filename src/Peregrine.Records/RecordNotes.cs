namespace Peregrine.Records;

/// <summary>The notes of one record: each kind is counted, the first ones are kept. Reused with its record.</summary>
public sealed class RecordNotes
{
    /// <summary>Most notes of one record that are kept; the others are only counted.</summary>
    public const int MostKept = 32;

    private readonly int[] _counts = new int[(int)RecordFaultCode.UnseenCategory + 1];
    private readonly RecordNote[] _kept = new RecordNote[MostKept];
    private int _keptCount;

    /// <summary>Of all kinds.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<RecordNote> Kept => _kept.AsSpan(0, _keptCount);

    public int CountOf(RecordFaultCode code) => _counts[(int)code];

    public void Add(in RecordNote note)
    {
        Count++;
        _counts[(int)note.Code]++;
        if (_keptCount < MostKept) _kept[_keptCount++] = note;
    }

    /// <summary>Takes over the notes of another record.</summary>
    public void AddAll(RecordNotes other)
    {
        foreach (ref readonly var note in other.Kept)
            if (_keptCount < MostKept) _kept[_keptCount++] = note;
        for (var code = 0; code < _counts.Length; code++) _counts[code] += other._counts[code];
        Count += other.Count;
    }

    internal void Clear()
    {
        if (Count == 0) return;
        _counts.AsSpan().Clear();
        _keptCount = Count = 0;
    }
}
