using Peregrine.Records;

namespace Peregrine.Models.Drift;

/// <summary>From a record and its prediction to cells, numbered through over all fields. Thread-safe, allocates nothing.</summary>
public sealed class ReferenceBinner
{
    private readonly FieldBinner[] _inputs;
    private readonly FieldBinner[] _predictions;
    private readonly int[] _starts;

    public ReferenceBinner(TrainingReference reference)
    {
        Reference = reference;
        _inputs = [.. reference.Inputs.Select(field => new FieldBinner(field))];
        _predictions = [.. reference.Predictions.Select(field => new FieldBinner(field))];
        _starts = new int[Fields];
        foreach (var (field, binner) in _inputs.Concat(_predictions).Index())
        {
            _starts[field] = Cells;
            Cells += binner.Cells;
        }
    }

    public TrainingReference Reference { get; }

    /// <summary>Inputs and predictions: so many cells are raised per row.</summary>
    public int Fields => _inputs.Length + _predictions.Length;

    /// <summary>Cells of all fields.</summary>
    public int Cells { get; }

    /// <summary>The first cell of a field; predictions stand behind the inputs.</summary>
    public int StartOf(int field) => _starts[field];

    /// <param name="record">As the caller sent it: preparation may change its slots.</param>
    /// <param name="cells">Shape [<see cref="Fields"/>]; the inputs' part is written.</param>
    public void BinInputs(TypedRecord record, Span<int> cells)
    {
        var inputs = _inputs;
        for (var slot = 0; slot < inputs.Length; slot++) cells[slot] = _starts[slot] + inputs[slot].CellOf(record, slot);
    }

    /// <param name="context">After scoring. A row that was not scored counts as missing.</param>
    /// <param name="cells">Shape [<see cref="Fields"/>]; the predictions' part is written.</param>
    public void BinPrediction(ScoringContext context, Span<int> cells)
    {
        var first = _inputs.Length;
        var isScored = context.IgnoreReason is null;
        var probabilities = context.Probabilities;
        var predicted = context.PredictedClass;
        var score = probabilities.Length == 0 ? context.Value : probabilities[probabilities.Length == 2 ? 1 : Math.Max(predicted, 0)];
        cells[first] = _starts[first] + _predictions[0].CellOf(isScored ? score : double.NaN);
        if (_predictions.Length == 1) return;
        cells[first + 1] = _starts[first + 1] + (isScored ? predicted : _predictions[1].Cells - 1);
    }
}
