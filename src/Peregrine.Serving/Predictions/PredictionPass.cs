using System.Buffers;
using System.Globalization;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;
using Peregrine.Serving.Bulk;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Metrics;

namespace Peregrine.Serving.Predictions;

/// <summary>One request's way through one endpoint: binds and scores its record or records and writes the answer as it goes.</summary>
internal ref struct PredictionPass
{
    private readonly LoadedEndpoint _endpoint;
    private readonly ReadOnlySpan<byte> _body;
    private readonly Caller _caller;
    private readonly int _maxRecords;
    private readonly Utf8Output _output;
    private readonly ScoringContext _context;
    private readonly DriftTally? _drift;
    private PhaseClock _phases;
    private Piece _result;
    private ScoredItem[]? _items;
    private ScoringBlock? _block;
    private int _bound; // rows of the block that wait to be scored
    private bool _many;
    private bool _columns;

    public PredictionPass(LoadedEndpoint endpoint, ReadOnlySpan<byte> body, scoped in Caller caller, int maxRecords, Utf8Output output)
    {
        _endpoint = endpoint;
        _body = body;
        _caller = caller;
        _maxRecords = maxRecords;
        _output = output;
        _context = endpoint.Prediction.Model.Rent();
        _drift = endpoint.Drift is { } sketch ? DriftTally.Rent(sketch) : null;
        _phases = new PhaseClock(caller.Started);
    }

    /// <summary>How results are explained, as far as is known. Several records are explained by what it was before they were scored.</summary>
    public ExplanationRequest Explanations { get; set; }

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
    }

    /// <summary>One line per record.</summary>
    public readonly void Log(QueryLogLine log, Piece features, Piece context, ReadOnlySpan<byte> variant)
    {
        if (!_many)
        {
            log.Write(_endpoint, _caller, features.Of(_body), context.Of(_body), _result.Of(_output.Written), _phases, variant: variant);
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
            log.Write(_endpoint, _caller, item.Features.Of(_body), own.Of(_body), item.Result.Of(_output.Written), _phases, i, variant);
        }
    }

    public readonly void Dispose()
    {
        _endpoint.Prediction.Model.Return(_context);
        _drift?.Return();
        if (_block is not null) _endpoint.Prediction.Model.Return(_block);
        if (_items is not null) ArrayPool<ScoredItem>.Shared.Return(_items);
    }

    private ApiError? ScoreOne(scoped ref JsonScanner json)
    {
        var fault = _endpoint.Prediction.Reader.Read(ref json, _context.Record);
        _phases.Parsed();
        if (!fault.IsNone) return PredictionFaults.Record(fault, json.Fault, _endpoint.Prediction, _body, "/features", _context.Record);
        _drift?.NoteInputs(_context.Record);
        _endpoint.Prediction.Model.Score(_context);
        _phases.Scored();
        _output.Write("{\"result\":"u8);
        _result = WriteResult(_context);
        Rows = 1;
        return null;
    }

    private ApiError? ScoreItems(scoped ref JsonScanner json)
    {
        if (json.Peek() != JsonKind.Array) return PredictionFaults.NotAnArray(json.Position);
        if (!json.TryBeginArray()) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
        _output.Write("{\"results\":["u8);
        for (var first = true; json.TryNextElement(ref first);)
        {
            if (Rows == _maxRecords) return PredictionFaults.TooManyRecords(_maxRecords);
            if (BindItem(ref json) is { } fault) return fault;
            if (_bound < ScoringBlock.Rows) continue;
            ScoreBound();
            if (_phases.IsPast(_caller.Deadline)) return LimitFaults.DeadlineExceeded;
        }

        if (json.Fault != JsonFault.None) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
        ScoreBound();
        return null;
    }

    private ApiError? ScoreColumns(scoped ref JsonScanner json)
    {
        if (json.Peek() != JsonKind.Object) return PredictionFaults.WrongMember("columns", "an object of arrays", json.Position);
        var endpoint = _endpoint.Prediction;
        _block = endpoint.Model.RentBlock();
        var columns = new ColumnReader(endpoint.Reader);
        _block[0].Record.Clear();
        var fault = columns.Begin(ref json, _body, _block[0].Record);
        if (!fault.IsNone) return ColumnFaults.Of(fault, json.Fault, endpoint, _body, _block[0].Record, row: -1);
        _output.Write("{\"results\":["u8);
        while (true)
        {
            var record = _block[_bound].Record;
            record.Clear();
            if (!columns.TryRead(_body, record, out fault)) break;
            if (Rows == _maxRecords) return PredictionFaults.TooManyRecords(_maxRecords);
            Keep(default);
            if (_bound < ScoringBlock.Rows) continue;
            ScoreBound();
            if (_phases.IsPast(_caller.Deadline)) return LimitFaults.DeadlineExceeded;
        }

        if (!fault.IsNone) return ColumnFaults.Of(fault, JsonFault.None, endpoint, _body, _block[_bound].Record, Rows);
        if (columns.ShortSlot >= 0) return ColumnFaults.Uneven(endpoint.Model.Inputs[columns.ShortSlot], Rows);
        ScoreBound();
        return null;
    }

    private readonly void LogColumns(QueryLogLine log, Piece payload, Piece context, ReadOnlySpan<byte> variant)
    {
        var columns = new ColumnReader(_endpoint.Prediction.Reader);
        var json = new JsonScanner(payload.Of(_body));
        var text = payload.Of(_body);
        columns.Begin(ref json, text, new TypedRecord(_endpoint.Prediction.Model.Inputs.Count, 0));
        var features = new Utf8Output();
        for (var i = 0; i < Rows && columns.TryWrite(text, features); i++)
        {
            log.Write(_endpoint, _caller, features.Written, context.Of(_body), _items![i].Result.Of(_output.Written), _phases, i, variant);
            features.CutTo(0);
        }
    }

    private ApiError? BindItem(scoped ref JsonScanner json)
    {
        if (json.Peek() != JsonKind.Object) return PredictionFaults.NotAnItem(Rows, json.Position);
        if (!json.TryBeginObject()) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
        _block ??= _endpoint.Prediction.Model.RentBlock();
        var record = _block[_bound].Record;
        record.Clear();
        var item = default(ScoredItem);
        var start = json.Position;
        for (var first = true; json.TryNextMember(ref first, out var name, out _);)
        {
            json.Peek();
            var from = json.Position;
            if (name.SequenceEqual("features"u8))
            {
                if (!item.Features.IsEmpty) return PredictionFaults.Twice("features"u8, from);
                var fault = _endpoint.Prediction.Reader.Read(ref json, record);
                if (!fault.IsNone) return PredictionFaults.Record(fault, json.Fault, _endpoint.Prediction, _body, Pointer(Rows), record);
                item.Features = new Piece(from, json.Position);
                continue;
            }

            if (!json.TrySkipValue()) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
            if (name.SequenceEqual("context"u8)) item.Context = new Piece(from, json.Position);
        }

        if (json.Fault != JsonFault.None) return PredictionFaults.Malformed(json.Fault, json.Position, _body);
        if (item.Features.IsEmpty) return PredictionFaults.NotAnItem(Rows, start);
        Keep(item);
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
            _items![first + row].Result = WriteResult(_block![row]);
        }

        _bound = 0;
        _phases.Skip();
    }

    private Piece WriteResult(ScoringContext context)
    {
        var start = _output.Length;
        _endpoint.Prediction.Results.Write(context, _output);
        _drift?.NotePrediction(context);
        if (context.IgnoreReason is not null) Ignored++;
        else if (_many && Explanations.Enabled) Explain(context, Explanations);
        return new Piece(start, _output.Length);
    }

    /// <summary>Puts the explanations into the result that was written last.</summary>
    private readonly void Explain(ScoringContext context, in ExplanationRequest request)
    {
        _output.CutTo(_output.Length - 1);
        _endpoint.Explainer.Write(context, request, _output);
    }

    private void Keep(in ScoredItem item)
    {
        _items ??= ArrayPool<ScoredItem>.Shared.Rent(64);
        if (Rows == _items.Length)
        {
            var larger = ArrayPool<ScoredItem>.Shared.Rent(Rows * 2);
            _items.AsSpan().CopyTo(larger);
            ArrayPool<ScoredItem>.Shared.Return(_items);
            _items = larger;
        }

        _items[Rows++] = item;
        _bound++;
    }

    private static string Pointer(int item) => string.Create(CultureInfo.InvariantCulture, $"/items/{item}/features");
}
