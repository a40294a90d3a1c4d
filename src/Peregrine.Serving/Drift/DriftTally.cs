using Peregrine.Models;
using Peregrine.Records;

namespace Peregrine.Serving.Drift;

/// <summary>
/// The cells of the rows of one call, noted while they are scored and counted once their answer stands: a call that is refused, or starts over,
/// counts nothing twice. Belongs to one call between <see cref="Rent"/> and <see cref="Return"/>.
/// </summary>
internal sealed class DriftTally
{
    private const int FirstCells = 256;
    private const int MostKeptCells = 64 * 1024;

    [ThreadStatic]
    private static DriftTally? t_spare;

    private int[] _cells = new int[FirstCells];
    private int _noted; // cells of the records whose inputs are noted
    private int _scored; // and of those whose prediction is as well
    private DriftSketch _sketch = null!;

    /// <summary>A tally of one endpoint; the last one that this thread gave back, if it did.</summary>
    public static DriftTally Rent(DriftSketch sketch)
    {
        var tally = t_spare ?? new DriftTally();
        t_spare = null;
        tally._sketch = sketch;
        tally._noted = tally._scored = 0;
        return tally;
    }

    /// <summary>Notes a record as it was bound. Preparation may fill and clean its slots, so call it before scoring.</summary>
    public void NoteInputs(TypedRecord record)
    {
        var fields = _sketch.Binner.Fields;
        if (_cells.Length - _noted < fields) Array.Resize(ref _cells, Math.Max(_cells.Length * 2, _noted + fields));
        _sketch.Binner.BinInputs(record, _cells.AsSpan(_noted, fields));
        _noted += fields;
    }

    /// <summary>Notes the prediction for the first of the records noted that has none yet.</summary>
    public void NotePrediction(ScoringContext context)
    {
        var fields = _sketch.Binner.Fields;
        _sketch.Binner.BinPrediction(context, _cells.AsSpan(_scored, fields));
        _scored += fields;
    }

    /// <summary>Counts the rows noted so far.</summary>
    public void Count()
    {
        _sketch.Raise(_cells.AsSpan(0, _scored));
        _noted = _scored = 0;
    }

    public void Return()
    {
        _sketch = null!;
        if (_cells.Length <= MostKeptCells) t_spare = this;
    }
}
