using System.Buffers;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Predictions;

/// <summary>One request's way through one endpoint: binds and scores its record or records and writes the answer as it goes.</summary>
internal ref partial struct PredictionPass
{
    private readonly LoadedEndpoint _endpoint;
    private readonly ReadOnlySpan<byte> _body;
    private readonly Caller _caller;
    private readonly PassLimits _limits;
    private readonly Utf8Output _output;
    private readonly ScoringContext _context;
    private readonly DriftTally? _drift;
    private readonly PreparedRecordWriter? _prepared;
    private Utf8Output? _apart; // prepared records that only the log gets
    private Piece _preparedOne;
    private PhaseClock _phases;
    private Piece _result;
    private ScoredItem[]? _items;
    private ScoringBlock? _block;
    private int _bound; // rows of the block that wait to be scored
    private SchemaTally _schema;
    private IgnoredTally _ignored;
    private int _warnings; // listed so far
    private bool _many;
    private bool _columns;

    public PredictionPass(LoadedEndpoint endpoint, ReadOnlySpan<byte> body, scoped in Caller caller, PassLimits limits, Utf8Output output)
    {
        _endpoint = endpoint;
        _body = body;
        _caller = caller;
        _limits = limits;
        _output = output;
        _context = endpoint.Prediction.Model.Rent();
        _drift = endpoint.Drift is { } sketch ? DriftTally.Rent(sketch) : null;
        _prepared = endpoint.Prediction.Prepared;
        _phases = new PhaseClock(caller.Started);
    }

    /// <summary>How results are explained, as far as is known. Several records are explained by what it was before they were scored.</summary>
    public ExplanationRequest Explanations { get; set; }

    /// <summary>What is wrong with the record for which <see cref="Score"/> failed.</summary>
    public RecordFaultCode Refused { get; private set; }

    public int Rows { get; private set; }

    public int Ignored { get; private set; }

    public readonly PhaseClock Phases => _phases;

    /// <summary>Binds and scores the payload that stands next, and writes the result or results.</summary>
    public ApiError? Score(scoped ref JsonScanner json, bool many, bool columns)
    {
        _many = many;
        _columns = columns;
        if (columns) return ScoreColumns(ref json);
        return many ? ScoreItems(ref json) : ScoreOne(ref json);
    }

    /// <summary>Settles how results are explained, once the request is read to its end. False: several records were scored and explained otherwise.</summary>
    public bool TryExplain(in ExplanationRequest request)
    {
        if (_many) return request == Explanations || (!request.Enabled && !Explanations.Enabled);
        if (!request.Enabled || _context.IgnoreReason is not null) return true;
        Explain(_context, request);
        _phases.Scored();
        _result = new Piece(_result.Start, _output.Length);
        return true;
    }

    /// <summary>Closes the answer.</summary>
    public void Complete()
    {
        if (_prepared is not null && !_many) _preparedOne = WritePrepared(_context, ref _result);
        _drift?.Count();
        _phases.Complete();
        if (_caller.Started != 0) Tell();
        _output.Write(_many ? "],\"timing\":{\"parse\":"u8 : ",\"timing\":{\"parse\":"u8);
        _output.WriteMilliseconds(_phases.ParseMicroseconds);
        _output.Write(",\"score\":"u8);
        _output.WriteMilliseconds(_phases.ScoreMicroseconds);
        _output.Write(",\"total\":"u8);
        _output.WriteMilliseconds(_phases.TotalMicroseconds);
        _output.Write(_endpoint.AnswerTail);
    }

    /// <summary>Times of the stages, for metrics. A rehearsal has no start and counts nowhere.</summary>
    private readonly void Tell()
    {
        _endpoint.Meter.Stages.Add(Stage.Bind, _phases.ParseNanoseconds);
        _endpoint.Meter.Stages.Add(Stage.Score, _phases.ScoreNanoseconds);
        _endpoint.Meter.Stages.Add(Stage.Write, _phases.RestNanoseconds);
        if (!_schema.IsEmpty) _endpoint.Meter.Schema.Add(_schema);
        if (Ignored > 0) _endpoint.Meter.Ignored.Add(_ignored);
    }

    /// <summary>One line per record.</summary>
    public readonly void Log(QueryLogLine log, Piece features, Piece context, ReadOnlySpan<byte> variant)
    {
        if (!_many)
        {
            log.Write(_endpoint, _caller, features.Of(_body), context.Of(_body), _result.Of(_output.Written), _phases, variant: variant, prepared: PreparedOf(_preparedOne));
            return;
        }

        if (_columns)
        {
            LogColumns(log, features, context, variant);
            return;
        }

        for (var i = 0; i < Rows; i++)
        {
            var item = _items![i];
            var own = item.Context.IsEmpty ? context : item.Context;
            log.Write(_endpoint, _caller, item.Features.Of(_body), own.Of(_body), item.Result.Of(_output.Written), _phases, i, variant, PreparedOf(item.Prepared));
        }
    }

    public readonly void Dispose()
    {
        _endpoint.Prediction.Model.Return(_context);
        _drift?.Return();
        if (_block is not null) _endpoint.Prediction.Model.Return(_block);
        if (_items is not null) ArrayPool<ScoredItem>.Shared.Return(_items);
        ReturnApart();
    }

    private ApiError? ScoreOne(scoped ref JsonScanner json)
    {
        var fault = _endpoint.Prediction.Bind(ref json, _context.Record, _caller.SendsText);
        _phases.Parsed();
        if (!fault.IsNone) return Refuse(fault, json.Fault, "/features", _context.Record);
        _drift?.NoteInputs(_context.Record);
        _endpoint.Prediction.Model.Score(_context);
        _phases.Scored();
        _output.Write("{\"result\":"u8);
        _result = WriteResult(_context);
        Rows = 1;
        return null;
    }

    /// <summary>Scores the records that are bound together, and writes their results.</summary>
    private void ScoreBound()
    {
        if (_bound == 0) return;
        _phases.Parsed();
        for (var row = 0; _drift is not null && row < _bound; row++) _drift.NoteInputs(_block![row].Record);
        _endpoint.Prediction.Model.Score(_block!, _bound);
        _phases.Scored();
        var first = Rows - _bound;
        for (var row = 0; row < _bound; row++)
        {
            if (first + row > 0) _output.Write((byte)',');
            ref var item = ref _items![first + row];
            item.Result = WriteResult(_block![row]);
            if (_prepared is not null) item.Prepared = WritePrepared(_block[row], ref item.Result);
        }

        _bound = 0;
        _phases.Skip();
    }

    private Piece WriteResult(ScoringContext context)
    {
        var start = _output.Length;
        _endpoint.Prediction.Results.Write(context, _output);
        _drift?.NotePrediction(context);
        if (context.Record.HasNotes) Warn(context.Record);
        if (context.IgnoreReason is { } reason) NoteIgnored(reason);
        else if (_many && Explanations.Enabled) Explain(context, Explanations);
        return new Piece(start, _output.Length);
    }

    private void NoteIgnored(string reason)
    {
        Ignored++;
        _ignored.Add(reason);
    }

    /// <summary>Counts what was noted of a record, and puts its warnings into the result that was written last.</summary>
    private void Warn(TypedRecord record)
    {
        _schema.Add(record.Notes);
        var warnings = _endpoint.Prediction.Warnings;
        if (warnings.CountOf(record) == 0) return;
        _output.CutTo(_output.Length - 1);
        _warnings += warnings.Write(record, _body, _limits.MostWarnings - _warnings, _output);
    }

    private ApiError Refuse(RecordFault fault, JsonFault json, string pointer, TypedRecord record)
    {
        Refused = fault.Code;
        return PredictionFaults.Record(fault, json, _endpoint.Prediction, _body, pointer, record);
    }

    /// <summary>Puts the explanations into the result that was written last.</summary>
    private readonly void Explain(ScoringContext context, in ExplanationRequest request)
    {
        _output.CutTo(_output.Length - 1);
        _endpoint.Explainer.Write(context, request, _output);
    }
}
