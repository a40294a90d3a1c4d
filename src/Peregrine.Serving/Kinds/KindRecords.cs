using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Kinds;

/// <summary>Where the records of a request stand in its body, for the log.</summary>
internal sealed class KindRecords
{
    private const int MostKept = 4096;

    private (Piece Record, Piece Context)[] _pieces = new (Piece, Piece)[1];

    public int Count { get; private set; }

    /// <param name="at">0 to <see cref="Count"/> - 1.</param>
    public (Piece Record, Piece Context) this[int at] => _pieces[at];

    public void Clear()
    {
        if (_pieces.Length > MostKept) _pieces = new (Piece, Piece)[1];
        Count = 0;
    }

    /// <param name="context">The record's own; empty: none.</param>
    public void Add(Piece record, Piece context)
    {
        if (Count == _pieces.Length) Array.Resize(ref _pieces, Count * 2);
        _pieces[Count++] = (record, context);
    }
}
