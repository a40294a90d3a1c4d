using System.Numerics;
using Microsoft.Extensions.Options;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Records;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Shadows;

/// <summary>Scores a copy with the shadows that were chosen for it, logs their answers and compares them with the one that the caller got.</summary>
internal sealed class ShadowScorer(ShadowQueue queue, ShadowBoard board, ShadowMetrics metrics, QueryLogLine log, IOptions<ServingOptions> options)
{
    private readonly int _maxDepth = options.Value.MaxJsonDepth;

    public void Score(in ShadowQuery query)
    {
        for (var chosen = query.Chosen; chosen != 0; chosen &= chosen - 1)
        {
            var shadow = query.Service.Shadows[BitOperations.TrailingZeroCount(chosen)].Generation;
            if (shadow.Id == query.Primary.Meter.Generation)
            {
                queue.Totals.PassOwn(query.Rows);
                continue;
            }

            if (!shadow.TryAcquire())
            {
                queue.CountReleased(query.Rows);
                continue;
            }

            try
            {
                ScoreWith(shadow, query);
            }
            finally
            {
                shadow.Release();
            }
        }
    }

    private void ScoreWith(LoadedGeneration shadow, in ShadowQuery query)
    {
        var comparison = board.Of(new ShadowPair(shadow.Service, query.Primary.Id, query.Primary.Meter.Generation, shadow.Id));
        comparison.PrimaryLatency.Add(query.AnsweredMicroseconds);
        if (!shadow.Endpoints.TryGetValue(query.Primary.Id, out var endpoint))
        {
            Fail(comparison, query.Rows, $"Generation '{shadow.Id}' has no endpoint '{query.Primary.Id}'.");
            return;
        }

        var left = query.Rows;
        try
        {
            if (query.Form == ShadowForm.Records)
            {
                var records = new CopiedRecords(query.Body);
                for (; records.TryNext(); left--) ScoreRecord(endpoint, comparison, query.Caller, records.Current);
            }
            else left = ScoreBody(endpoint, comparison, query, left);
        }
        finally
        {
            // What a fault of ours left unscored; the worker reports it.
            if (left > 0) Fail(comparison, left, "The copy could not be read to its end.");
        }
    }

    /// <returns>Records that were not scored, which should be none.</returns>
    private int ScoreBody(LoadedEndpoint endpoint, ShadowComparison comparison, in ShadowQuery query, int left)
    {
        var many = query.Form == ShadowForm.Many;
        var body = query.Body.StartsWith("\uFEFF"u8) ? query.Body[3..] : query.Body;
        var envelope = new EnvelopeScanner(body, many ? "items"u8 : "features"u8, _maxDepth);
        while (envelope.TryNextPayload())
        {
            if (!envelope.Json.TrySkipValue()) return left;
            envelope.EndPayload();
        }

        if (envelope.IsColumns) return ScoreColumns(endpoint, comparison, query, body, envelope, left);
        var records = new ShadowRecords(body, envelope.Payload, envelope.Context, query.Answer, many, _maxDepth);
        for (; records.TryNext(); left--) ScoreRecord(endpoint, comparison, query.Caller, records.Current);
        return left;
    }

    private int ScoreColumns(
        LoadedEndpoint endpoint, ShadowComparison comparison, in ShadowQuery query, ReadOnlySpan<byte> body, in EnvelopeScanner envelope, int left)
    {
        var model = endpoint.Prediction.Model;
        var payload = envelope.Payload.Of(body);
        var columns = new ColumnReader(endpoint.Prediction.Reader);
        var json = new JsonScanner(payload, _maxDepth);
        var fault = columns.Begin(ref json, payload, new TypedRecord(model.Inputs.Count, 0));
        if (!fault.IsNone)
        {
            Fail(comparison, left, RecordFaults.Describe(fault, model.Spec, payload));
            return 0;
        }

        var records = new ShadowRecords(body, envelope.Payload, envelope.Context, query.Answer, many: true, _maxDepth, columns, new Utf8Output());
        for (; records.TryNext(); left--) ScoreRecord(endpoint, comparison, query.Caller, records.Current);
        return left;
    }

    private void ScoreRecord(LoadedEndpoint endpoint, ShadowComparison comparison, in Caller caller, in ShadowRecord record)
    {
        var phases = new PhaseClock(System.Diagnostics.Stopwatch.GetTimestamp());
        var model = endpoint.Prediction.Model;
        var context = model.Rent();
        var output = Utf8Output.Rent();
        try
        {
            var json = new JsonScanner(record.Features, _maxDepth);
            var fault = endpoint.Prediction.Bind(ref json, context.Record, caller.SendsText);
            phases.Parsed();
            if (!fault.IsNone)
            {
                Fail(comparison, 1, RecordFaults.Describe(fault, endpoint.Prediction, record.Features, context.Record));
                return;
            }

            model.Score(context);
            phases.Scored();
            endpoint.Prediction.Results.Write(context, output);
            phases.Complete();
            comparison.ShadowLatency.Add(phases.TotalMicroseconds);
            if (log.Enabled) Log(endpoint, caller, record, context, phases, output);
            Compare(comparison, record.Result, output.Written);
        }
        finally
        {
            Utf8Output.Return(output);
            model.Return(context);
        }
    }

    /// <param name="output">Holds the result, and does on return.</param>
    private void Log(LoadedEndpoint endpoint, in Caller caller, in ShadowRecord record, ScoringContext context, in PhaseClock phases, Utf8Output output)
    {
        var result = output.Length;
        if (endpoint.Prediction.Prepared is { InLog: true } prepared) prepared.Write(context.Record, output);
        log.Write(
            endpoint, caller, record.Features, record.Context, output.Written[..result], phases, record: record.Number, variant: "shadow"u8,
            prepared: new PreparedText(output.Written[result..], isInResult: false));
        output.CutTo(result);
    }

    private void Compare(ShadowComparison comparison, ReadOnlySpan<byte> primary, ReadOnlySpan<byte> shadow)
    {
        var (theirs, ours) = (ShadowResult.Read(primary), ShadowResult.Read(shadow));
        metrics.Count(comparison.Pair, comparison.Add(theirs, ours) ? "agreed" : "differed");
        queue.Totals.Compare();
        if (theirs.DistanceTo(ours) is { } distance) metrics.Record(comparison.Pair, distance);
    }

    private void Fail(ShadowComparison comparison, int records, string reason)
    {
        comparison.Fail(records, reason);
        queue.Totals.Fail(records);
        metrics.Count(comparison.Pair, "failed", records);
    }
}
