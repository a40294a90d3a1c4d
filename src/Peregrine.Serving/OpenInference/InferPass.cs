using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Records;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Limits;
using Peregrine.Serving.OpenInference.Answers;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Requests;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference;

/// <summary>One inference request's way through one endpoint: binds tensors to inputs, reads the columns row by row and scores.</summary>
internal ref struct InferPass
{
    private readonly LoadedEndpoint _endpoint;
    private readonly ModelSignature _model;
    private readonly RecordReader _reader;
    private readonly InferWorkspace _work;
    private readonly ReadOnlySpan<byte> _body;
    private readonly ScoringContext _context;
    private readonly bool _logged;
    private readonly DriftTally? _drift;
    private readonly long _deadline;
    private JsonScanner _json;
    private ScoringBlock? _block;
    private int _bound; // records that wait to be scored

    public PhaseClock Phases;

    /// <param name="logged">Whether the records' text is wanted for the query log.</param>
    public InferPass(LoadedEndpoint endpoint, InferWorkspace work, ReadOnlySpan<byte> body, scoped in Caller caller, bool logged)
    {
        _endpoint = endpoint;
        _model = endpoint.Signature;
        _reader = endpoint.Prediction.Reader;
        _work = work;
        _body = body;
        _logged = logged;
        _context = endpoint.Prediction.Model.Rent();
        _drift = endpoint.Drift is { } sketch ? DriftTally.Rent(sketch) : null;
        _json = new JsonScanner(body);
        _deadline = caller.Deadline;
        Phases = new PhaseClock(caller.Started);
    }

    public readonly void Dispose()
    {
        _endpoint.Prediction.Model.Return(_context);
        if (_block is not null) _endpoint.Prediction.Model.Return(_block);
        _drift?.Return();
    }

    /// <summary>Finds the model's input of each tensor, and the model's output of each wish.</summary>
    public readonly ApiError? Bind(int maxRecords)
    {
        var inputs = _work.Request.Inputs;
        var rows = inputs[0].Rows;
        _work.Request.Rows = rows;
        if (rows > maxRecords) return PredictionFaults.TooManyRecords(maxRecords);
        var bound = 0;
        var expected = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            ref var tensor = ref inputs[i];
            if (tensor.Rows != rows) return InferFaults.RowsDiffer(i, NameOf(tensor), tensor.Rows, rows);
            if (Check(tensor, i) is { } fault) return fault;
            tensor.Slot = _reader.FindSlot(tensor.Name.Of(_body), tensor.NameIsEscaped, expected);
            if (tensor.Slot == RecordReader.Unknown && _reader.RefusesUnknown) return InferFaults.UnknownInput(i, NameOf(tensor), _model);
            if (tensor.Slot < 0) continue;
            if (!_context.Record.MarkGiven(tensor.Slot)) return InferFaults.InputTwice(i, NameOf(tensor));
            expected = tensor.Slot + 1;
            bound++;
        }

        if (_reader.RefusesMissing && bound < _reader.Schema.Count) return InferFaults.MissingInputs(_model, _context.Record);
        return BindOutputs();
    }

    /// <summary>Reads and scores all records; results are in the workspace.</summary>
    public ApiError? Score()
    {
        var rows = _work.Request.Rows;
        _work.Results.Begin(_context.Probabilities.Length);
        if (rows > 1) _block = _endpoint.Prediction.Model.RentBlock();
        for (var row = 0; row < rows; row++)
        {
            if (ReadRow(row) is { } fault) return fault;
            if (++_bound < ScoringBlock.Rows && row < rows - 1) continue;
            ScoreBound();
            if (row < rows - 1 && Phases.IsPast(_deadline)) return LimitFaults.DeadlineExceeded;
        }

        return CheckEnds();
    }

    /// <summary>Closes the call: its records count.</summary>
    public void Complete()
    {
        _drift?.Count();
        Phases.Complete();
    }

    /// <summary>One line per record.</summary>
    public readonly void Log(QueryLogLine log, in Caller caller, ReadOnlySpan<byte> variant)
    {
        var text = _work.LogText.Written;
        var rows = _work.Logged;
        for (var row = 0; row < rows.Length; row++)
            log.Write(_endpoint, caller, rows[row].Features.Of(text), default, rows[row].Result.Of(text), Phases, rows.Length == 1 ? -1 : row, variant);
    }

    /// <summary>Before anything is set aside for the records it names, a tensor must hold a byte for each at least.</summary>
    private readonly ApiError? Check(in TensorInput tensor, int place)
    {
        if (tensor.Data.Length < tensor.Rows) return InferFaults.Cell(CellFault.TooFew, place, NameOf(tensor), 0, tensor, _model);
        if (tensor.Source != TensorSource.Raw || TensorTypes.SizeOf(tensor.Type) is not (var size and > 0)) return null;
        return tensor.Data.Length == (long)tensor.Rows * size ? null : InferFaults.RawSize(place, NameOf(tensor), tensor, size);
    }

    private readonly ApiError? BindOutputs()
    {
        var wishes = _work.Request.Outputs;
        for (var i = 0; i < wishes.Length; i++)
        {
            var index = _model.FindOutput(wishes[i].Name.Of(_body));
            if (index < 0) return InferFaults.UnknownOutput(i, wishes[i].Name.Of(_body), _model);
            for (var other = 0; other < i; other++)
                if (wishes[other].Index == index) return InferFaults.OutputTwice(i, _model.Outputs[index].Name);
            wishes[i].Index = index;
        }

        return null;
    }

    private ApiError? ReadRow(int row)
    {
        var record = _context.Record;
        if (_block is not null)
        {
            record = _block[_bound].Record;
            record.Clear();
        }

        var inputs = _work.Request.Inputs;
        var start = _work.LogText.Length;
        var first = true;
        for (var i = 0; i < inputs.Length; i++)
        {
            ref var tensor = ref inputs[i];
            if (tensor.Slot < 0) continue;
            record.MarkGiven(tensor.Slot);
            var fault = ReadCell(ref tensor, record, out var token);
            if (fault != CellFault.None) return InferFaults.Cell(fault, i, NameOf(tensor), row, tensor, _model);
            if (_logged) LoggedFeatures.Write(_model, tensor, token, record, first, _work.LogText);
            first = false;
        }

        _drift?.NoteInputs(record);
        if (!_logged) return null;
        _work.LogText.Write(first ? "{}"u8 : "}"u8);
        _work.NoteFeatures(row, new Piece(start, _work.LogText.Length));
        return null;
    }

    /// <summary>Scores the records that are bound together.</summary>
    private void ScoreBound()
    {
        Phases.Parsed();
        if (_block is null) _endpoint.Prediction.Model.Score(_context);
        else _endpoint.Prediction.Model.Score(_block, _bound);
        Phases.Scored();
        for (var i = 0; i < _bound; i++) Keep(_block is null ? _context : _block[i]);
        _bound = 0;
    }

    private readonly void Keep(ScoringContext context)
    {
        _work.Results.Add(context);
        _drift?.NotePrediction(context);
        if (!_logged) return;
        var start = _work.LogText.Length;
        _endpoint.Prediction.Results.Write(context, _work.LogText);
        _work.NoteResult(_work.Results.Rows - 1, new Piece(start, _work.LogText.Length));
    }

    private CellFault ReadCell(ref TensorInput tensor, TypedRecord record, out ReadOnlySpan<byte> token)
    {
        token = default;
        if (tensor.Source == TensorSource.Raw) return RawCells.Read(ref tensor, _body, _reader, record);
        if (tensor.Source == TensorSource.Contents) return ContentsCells.Read(ref tensor, _body, _reader, record);
        var fault = JsonCells.Read(ref tensor, _body, ref _json, _reader, record, out var start);
        if (fault == CellFault.None) token = _body[start..tensor.At];
        return fault;
    }

    /// <summary>No tensor may hold more than its shape says.</summary>
    private readonly ApiError? CheckEnds()
    {
        var inputs = _work.Request.Inputs;
        for (var i = 0; i < inputs.Length; i++)
        {
            ref var tensor = ref inputs[i];
            if (tensor.Slot < 0) continue;
            var atEnd = tensor.Source switch
            {
                TensorSource.Json => JsonCells.IsAtEnd(tensor, _body),
                TensorSource.Contents => ContentsCells.IsAtEnd(ref tensor, _body),
                _ => tensor.At == tensor.Data.End,
            };
            if (!atEnd) return InferFaults.Cell(CellFault.TooMany, i, NameOf(tensor), _work.Request.Rows, tensor, _model);
        }

        return null;
    }

    private readonly ReadOnlySpan<byte> NameOf(in TensorInput tensor) => tensor.Name.Of(_body);
}
