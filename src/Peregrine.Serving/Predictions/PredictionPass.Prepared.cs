using Peregrine.Models;

namespace Peregrine.Serving.Predictions;

/// <content>Prepared records, where the endpoint tells them.</content>
internal ref partial struct PredictionPass
{
    private const int MostKeptBytes = 1024 * 1024;

    [ThreadStatic]
    private static Utf8Output? t_spare;

    /// <summary>Writes the prepared record into the result that was written last, or apart when only the log gets it.</summary>
    /// <param name="result">Cut to what stands before it.</param>
    private Piece WritePrepared(ScoringContext context, ref Piece result)
    {
        if (!_prepared!.InAnswer)
        {
            var apart = Apart();
            var at = apart.Length;
            _prepared.Write(context.Record, apart);
            return new Piece(at, apart.Length);
        }

        _output.CutTo(_output.Length - 1);
        result = new Piece(result.Start, _output.Length);
        _output.Write(",\"postEnrich\":"u8);
        var start = _output.Length;
        _prepared.Write(context.Record, _output);
        var end = _output.Length;
        _output.Write((byte)'}');
        return new Piece(start, end);
    }

    private readonly PreparedText PreparedOf(Piece piece) => _prepared is null
        ? default
        : new PreparedText(_prepared.InLog ? piece.Of(_prepared.InAnswer ? _output.Written : _apart!.Written) : default, _prepared.InAnswer);

    private Utf8Output Apart()
    {
        if (_apart is not null) return _apart;
        _apart = t_spare ?? new Utf8Output();
        t_spare = null;
        _apart.CutTo(0);
        return _apart;
    }

    private readonly void ReturnApart()
    {
        if (_apart is { Length: <= MostKeptBytes }) t_spare = _apart;
    }
}
