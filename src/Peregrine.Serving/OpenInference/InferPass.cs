using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.OpenInference.Answers;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Requests;
using Peregrine.Serving.OpenInference.Tensors;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.OpenInference;

/// <summary>One inference request's way through one endpoint: binds tensors to inputs, reads the columns row by row and scores.</summary>
internal ref partial struct InferPass
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
    private readonly int _mostWarnings;
    private readonly bool _isQuiet;
    private ExplanationRequest _explanations;
    private SchemaTally _schema;
    private JsonScanner _json;
    private ScoringBlock? _block;
    private int _bound; // records that wait to be scored

    public PhaseClock Phases;

    /// <summary>What is wrong with the records that were refused, as the schema counts it.</summary>
    public RecordFaultCode Refused { get; private set; }

    /// <param name="mostWarnings">Most that the answer lists.</param>
    /// <param name="logged">Whether the records' text is wanted for the query log.</param>
    public InferPass(LoadedEndpoint endpoint, InferWorkspace work, ReadOnlySpan<byte> body, scoped in Caller caller, int mostWarnings, bool logged)
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
        _mostWarnings = mostWarnings;
        _isQuiet = endpoint.Prediction.Settings.Quiet;
        Phases = new PhaseClock(caller.Started);
    }

    public readonly void Dispose()
    {
        _endpoint.Prediction.Model.Return(_context);
        if (_block is not null) _endpoint.Prediction.Model.Return(_block);
        _drift?.Return();
    }

    /// <summary>Notes what is refused; a quiet endpoint does not say why.</summary>
    private ApiError Refuse(RecordFaultCode code, ApiError why)
    {
        Refused = code;
        return _isQuiet ? PredictionFaults.Quiet("/inputs") : why;
    }

    /// <summary>Reads and scores all records; results are in the workspace.</summary>
    public ApiError? Score()
    {
        var rows = _work.Request.Rows;
        _work.Results.Begin(_model.Spec);
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
        if (!_schema.IsEmpty) _endpoint.Meter.Schema.Add(_schema);
        if (_work.Results.Ignored > 0) _endpoint.Meter.Ignored.Add(_work.Results.TallyIgnored());
        Phases.Complete();
    }

    /// <summary>One line per record.</summary>
    public readonly void Log(QueryLogLine log, in Caller caller, ReadOnlySpan<byte> variant)
    {
        var text = _work.LogText.Written;
        var rows = _work.Logged;
        for (var row = 0; row < rows.Length; row++)
        {
            var features = new FeatureText(rows[row].Features.Of(text), isCompact: true);
            var prepared = new PreparedText(rows[row].Prepared.Of(text), isInResult: false);
            log.Write(_endpoint, caller, features, default, rows[row].Result.Of(text), Phases, rows.Length == 1 ? -1 : row, variant, prepared);
        }
    }

    private ApiError? ReadRow(int row)
    {
        var record = _context.Record;
        if (_block is not null)
        {
            record = _block[_bound].Record;
            record.Clear();
            if (_context.Record.HasNotes) record.Notes.AddAll(_context.Record.Notes);
        }

        var inputs = _work.Request.Inputs;
        var start = _work.LogText.Length;
        var first = true;
        for (var i = 0; i < inputs.Length; i++)
        {
            ref var tensor = ref inputs[i];
            if (tensor.Slot < 0) continue;
            record.MarkGiven(tensor.Slot);
            var fault = ReadCell(ref tensor, record, out var token, out var text);
            if (fault != CellFault.None) return RefuseCell(fault, i, row);
            if (_logged) LoggedFeatures.Write(_model, tensor, token, text, record, first, _work.LogText);
            first = false;
        }

        if (_endpoint.Prediction.Check is { } check && check.Check(record) is { IsNone: false } unlike) return RefuseUnlike(unlike, record, row);
        if (record.HasNotes) Warn(record, row);
        _drift?.NoteInputs(record);
        if (!_logged) return null;
        _work.LogText.Write(first ? "{}"u8 : "}"u8);
        _work.NoteFeatures(row, new Piece(start, _work.LogText.Length));
        return null;
    }

    private ApiError RefuseCell(CellFault fault, int place, int row)
    {
        ref var tensor = ref _work.Request.Inputs[place];
        var why = InferFaults.Cell(fault, place, NameOf(tensor), row, tensor, _model);
        return fault switch
        {
            CellFault.WrongType => Refuse(RecordFaultCode.WrongType, why),
            CellFault.Converted => Refuse(RecordFaultCode.ConvertedType, why),
            _ => why,
        };
    }

    /// <summary>Refuses a value that training did not see.</summary>
    private ApiError RefuseUnlike(RecordFault fault, TypedRecord record, int row)
    {
        var place = 0;
        while (_work.Request.Inputs[place].Slot != fault.Slot) place++;
        return Refuse(fault.Code, InferFaults.Unlike(fault.Code, place, row, RecordFaults.Describe(fault, _endpoint.Prediction, _body, record)));
    }

    private void Warn(TypedRecord record, int row)
    {
        _schema.Add(record.Notes);
        var warnings = _endpoint.Prediction.Warnings;
        if (warnings.CountOf(record) is > 0 and var count) _work.Warnings.Add(warnings, record, _body, row, count, _mostWarnings);
    }

    /// <summary>Scores the records that are bound together.</summary>
    private void ScoreBound()
    {
        Phases.Parsed();
        if (_block is null) _endpoint.Prediction.Model.Score(_context);
        else _endpoint.Prediction.Model.Score(_block, _bound);
        Phases.Scored();
        for (var i = 0; i < _bound; i++) Keep(_block is null ? _context : _block[i]);
        if (_explanations.Enabled) Phases.Scored();
        _bound = 0;
    }

    private readonly void Keep(ScoringContext context)
    {
        _work.Results.Add(context);
        if (_explanations.Enabled) Explain(context);
        _drift?.NotePrediction(context);
        if (!_logged) return;
        var start = _work.LogText.Length;
        _endpoint.Prediction.Results.Write(context, _work.LogText);
        if (_explanations.Enabled && context.IgnoreReason is null)
        {
            _work.LogText.CutTo(_work.LogText.Length - 1);
            _endpoint.Explainer.WriteExplained(context, _explanations.Count, _work.LogText);
        }

        var end = _work.LogText.Length;
        if (_endpoint.Prediction.Prepared is { InLog: true } prepared) prepared.Write(context.Record, _work.LogText);
        _work.NoteResult(_work.Results.Rows - 1, new Piece(start, end), new Piece(end, _work.LogText.Length));
    }

    private readonly void Explain(ScoringContext context) => _work.Results.AddInfluences(
        _model.Explanations!.Width, context.IgnoreReason is null ? _endpoint.Explainer.Explain(context, _explanations.Method) : default);

    /// <param name="token">JSON of the value, where it came so.</param>
    /// <param name="text">Text of the value, where it came in binary form.</param>
    private CellFault ReadCell(ref TensorInput tensor, TypedRecord record, out ReadOnlySpan<byte> token, out ReadOnlySpan<byte> text)
    {
        token = text = default;
        if (tensor.Source == TensorSource.Raw) return RawCells.Read(ref tensor, _body, _reader, record, out text);
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
