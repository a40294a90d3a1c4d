using Peregrine.Serving.Kinds.Caching;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Kinds;

/// <summary>The answer to a query as it grows. Belongs to one query at a time.</summary>
internal sealed class KindResults
{
    private const int MostKept = 4096;

    private Piece[] _pieces = new Piece[1];
    private int _start;

    public Utf8Output Output { get; private set; } = null!;

    /// <summary>Results so far.</summary>
    public int Count { get; private set; }

    /// <summary>Of them, those of records that were ignored.</summary>
    public int Ignored { get; private set; }

    public ReadOnlySpan<Piece> Pieces => _pieces.AsSpan(0, Count);

    /// <summary>Empties it for an answer to be written to <paramref name="output"/>, which is empty too.</summary>
    public void Reset(Utf8Output output)
    {
        if (_pieces.Length > MostKept) _pieces = new Piece[1];
        Output = output;
        (Count, Ignored) = (0, 0);
    }

    /// <summary>The result of the next record begins.</summary>
    public void BeginResult() => _start = Output.Length;

    public void EndResult(bool ignored)
    {
        if (Count == _pieces.Length) Array.Resize(ref _pieces, Count * 2);
        _pieces[Count++] = new Piece(_start, Output.Length);
        if (ignored) Ignored++;
    }

    /// <summary>A copy to keep.</summary>
    public CachedAnswer Keep() => new(Output.Written.ToArray(), Pieces.ToArray(), Ignored);

    /// <summary>Takes over an answer that was kept.</summary>
    public void Take(CachedAnswer answer)
    {
        Output.Write(answer.Utf8);
        if (_pieces.Length < answer.Results.Length) _pieces = new Piece[answer.Results.Length];
        answer.Results.CopyTo(_pieces, 0);
        (Count, Ignored) = (answer.Results.Length, answer.Ignored);
    }
}
