using System.Diagnostics;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;
using Peregrine.Serving.Drift;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Shadows;

namespace Peregrine.Serving.Bulk;

/// <summary>Scores one stream piece by piece, in blocks, and writes results, errors and log lines in the order of the records.</summary>
internal sealed class RowScorer : IDisposable
{
    private readonly LoadedEndpoint _endpoint;
    private readonly Caller _caller;
    private readonly RowSource _source;
    private readonly RowFormat _format;
    private readonly QueryLogLine _log;
    private readonly BulkCall _call;
    private readonly byte[] _variant;
    private readonly long _maxRows;
    private readonly ScoringBlock _block;
    private readonly Utf8Output _features = new();
    private readonly Utf8Output _result = new();
    private readonly Utf8Output _prepared = new();
    private int _warningsLeft;
    private bool _begun;
    private bool _isLate;
    private int _bound;
    private bool _any;
    private StreamTotals _totals;
    private SchemaTally _schema; // of the records of a block
    private IgnoredTally _ignored; // the same

    /// <param name="variant">How the generation was picked, see <see cref="Variants"/>.</param>
    public RowScorer(LoadedEndpoint endpoint, in Caller caller, RowSource source, RowFormat format, QueryLogLine log, BulkCall call, byte[] variant, long maxRows, int mostWarnings)
    {
        _endpoint = endpoint;
        _caller = caller;
        _source = source;
        _format = format;
        _log = log;
        _call = call;
        _variant = variant;
        _maxRows = maxRows;
        _warningsLeft = mostWarnings;
        _block = endpoint.Prediction.Model.RentBlock();
    }

    /// <summary>How results are explained. That they can be is for the caller to see to.</summary>
    public ExplanationRequest Explanations { get; init; }

    /// <summary>Takes the records that shadows get; null: none.</summary>
    public StreamCopies? Copies { get; init; }

    public ref readonly StreamTotals Totals => ref _totals;

    /// <summary>The line that is read next.</summary>
    public long Line => _source.Line;

    /// <summary>Why the stream was stopped; null while it goes on.</summary>
    public RowError? StoppedBy { get; private set; }

    /// <summary>What is wrong with the stream as a whole: nothing was written.</summary>
    public ApiError? Fault { get; private set; }

    /// <summary>Scores all whole records of a piece.</summary>
    /// <returns>Bytes that are done with; the rest must stand at the beginning of the next piece.</returns>
    public int Process(ReadOnlySpan<byte> piece, bool isLast, Utf8Output output)
    {
        var at = 0;
        Copies?.Begin();
        if (!_begun)
        {
            if (!_source.TryBegin(piece, ref at, isLast, out var fault)) return 0;
            Fault = fault;
            if (fault is not null) _endpoint.Meter.Schema.Add(_source.HeaderFault);
            if (fault is not null) return at;
            _begun = true;
            _source.Line = _call.FirstLine ?? _source.Line;
            _format.Begin(output);
        }

        while (StoppedBy is null)
        {
            var context = _block[_bound];
            context.Record.Clear();
            var kind = _source.Next(piece, ref at, isLast, context, _bound, out var error);
            if (kind == RowKind.End) break;
            if (kind == RowKind.Record)
            {
                if (_totals.Rows + _bound == _maxRows) Stop(piece, new RowError(_source.Line - 1, "TooManyRows", BulkFaults.TooManyRows(_maxRows), ""), output);
                else if (_isLate) Stop(piece, new RowError(_source.Line - 1, LimitFaults.DeadlineExceeded.ErrorType, LimitFaults.DeadlineExceeded.DetailedMessage, ""), output);
                else if (++_bound == ScoringBlock.Rows) ScoreBound(piece, output);
                continue;
            }

            if (kind == RowKind.Broken || _call.StopOnError) Stop(piece, error!, output);
            else Skip(piece, error!, output);
        }

        ScoreBound(piece, output);
        return at;
    }

    /// <summary>Ends the stream before its input does.</summary>
    public void Stop(ReadOnlySpan<byte> piece, RowError error, Utf8Output output)
    {
        Skip(piece, error, output);
        StoppedBy = error;
        _totals.Stopped = true;
    }

    public void Complete(Utf8Output output) => _format.End(_totals, output);

    public void Dispose() => _endpoint.Prediction.Model.Return(_block);

    private void Skip(ReadOnlySpan<byte> piece, RowError error, Utf8Output output)
    {
        ScoreBound(piece, output);
        _totals.Errors++;
        _endpoint.Meter.Schema.Add(error.Fault);
        _format.Error(error, !_any, output);
        _any = true;
    }

    private void ScoreBound(ReadOnlySpan<byte> piece, Utf8Output output)
    {
        if (_bound == 0) return;
        var phases = new PhaseClock(Stopwatch.GetTimestamp());
        var drift = _endpoint.Drift is { } sketch ? DriftTally.Rent(sketch) : null;
        for (var row = 0; drift is not null && row < _bound; row++) drift.NoteInputs(_block[row].Record);
        _endpoint.Prediction.Model.Score(_block, _bound);
        phases.Scored();
        phases.Complete();
        for (var row = 0; row < _bound; row++)
        {
            Write(row, piece, phases, output);
            drift?.NotePrediction(_block[row]);
        }

        if (!_schema.IsEmpty) _endpoint.Meter.Schema.Add(_schema);
        _schema = default;
        if (!_ignored.IsEmpty) _endpoint.Meter.Ignored.Add(_ignored);
        _ignored = default;
        drift?.Count();
        drift?.Return();
        _bound = 0;
        _isLate = _caller.Deadline != 0 && Stopwatch.GetTimestamp() > _caller.Deadline;
    }

    private void Write(int row, ReadOnlySpan<byte> piece, in PhaseClock phases, Utf8Output output)
    {
        var context = _block[row];
        _result.CutTo(0);
        _endpoint.Prediction.Results.Write(context, _result);
        if (context.Record.HasNotes) Warn(context.Record, _source.TextOf(row, piece));
        if (Explanations.Enabled && context.IgnoreReason is null) Explain(context);
        var writer = _endpoint.Prediction.Prepared;
        _prepared.CutTo(0);
        writer?.Write(context.Record, _prepared);
        var whole = _result.Length;
        if (writer is { InAnswer: true }) AddPrepared();
        _format.Result(context, _result.Written, !_any, output);
        if (writer is { InAnswer: true }) TakePreparedAway(whole);
        _any = true;
        if (context.IgnoreReason is { } reason)
        {
            _totals.Ignored++;
            _ignored.Add(reason);
        }

        var isCopied = Copies?.TryTake() == true;
        if (_log.Enabled || isCopied) Tell(row, piece, phases, isCopied, new PreparedText(writer is { InLog: true } ? _prepared.Written : default, isInResult: false));
        _totals.Rows++;
    }

    /// <summary>Gives the record to the query log and to shadows.</summary>
    private void Tell(int row, ReadOnlySpan<byte> piece, in PhaseClock phases, bool isCopied, PreparedText prepared)
    {
        var record = new ShadowRecord((int)Math.Min(_totals.Rows, int.MaxValue), _source.FeaturesOf(row, piece, _features), _source.ContextOf(row, piece), _result.Written);
        if (_log.Enabled) _log.Write(_endpoint, _caller, record.Features, record.Context, record.Result, phases, record.Number, _variant, prepared);
        if (isCopied) Copies!.Add(record);
    }

    private void Explain(ScoringContext context)
    {
        _result.CutTo(_result.Length - 1);
        _endpoint.Explainer.Write(context, Explanations, _result);
    }

    /// <summary>Puts the prepared record into the result, for the answer alone.</summary>
    private void AddPrepared()
    {
        _result.CutTo(_result.Length - 1);
        _result.Write(",\"postEnrich\":"u8);
        _result.Write(_prepared.Written);
        _result.Write((byte)'}');
    }

    private void TakePreparedAway(int whole)
    {
        _result.CutTo(whole - 1);
        _result.Write((byte)'}');
    }

    /// <summary>Counts what was noted of a record, and puts its warnings into its result.</summary>
    private void Warn(TypedRecord record, ReadOnlySpan<byte> text)
    {
        _schema.Add(record.Notes);
        var warnings = _endpoint.Prediction.Warnings;
        if (warnings.CountOf(record) == 0) return;
        _result.CutTo(_result.Length - 1);
        _warningsLeft -= warnings.Write(record, text, _warningsLeft, _result);
    }
}
