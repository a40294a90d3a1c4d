using System.Numerics;
using Microsoft.Extensions.Options;
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
            if (shadow.Id == query.Primary.Meter.Generation) continue; // it was the one that answered
            if (!shadow.TryAcquire())
            {
                queue.CountReleased();
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
            Fail(comparison, $"Generation '{shadow.Id}' has no endpoint '{query.Primary.Id}'.");
            return;
        }

        var body = query.Body.StartsWith("\uFEFF"u8) ? query.Body[3..] : query.Body;
        var envelope = new EnvelopeScanner(body, query.Many ? "items"u8 : "features"u8, _maxDepth);
        while (envelope.TryNextPayload())
        {
            if (!envelope.Json.TrySkipValue()) return;
            envelope.EndPayload();
        }

        var records = new ShadowRecords(body, envelope.Payload, envelope.Context, query.Answer, query.Many, _maxDepth);
        while (records.TryNext()) ScoreRecord(endpoint, comparison, query, records);
    }

    private void ScoreRecord(LoadedEndpoint endpoint, ShadowComparison comparison, in ShadowQuery query, in ShadowRecords record)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var phases = new PhaseClock(started);
        var model = endpoint.Prediction.Model;
        var context = model.Rent();
        var output = Utf8Output.Rent();
        try
        {
            var json = new JsonScanner(record.Features, _maxDepth);
            var fault = endpoint.Prediction.Reader.Read(ref json, context.Record);
            phases.Parsed();
            if (!fault.IsNone)
            {
                Fail(comparison, RecordFaults.Describe(fault, model.Spec, record.Features));
                return;
            }

            model.Score(context);
            phases.Scored();
            endpoint.Prediction.Results.Write(context, output);
            phases.Complete();
            comparison.ShadowLatency.Add(phases.TotalMicroseconds);
            if (log.Enabled) log.Write(endpoint, query.Caller, record.Features, record.Context, output.Written, phases, record: record.Number, variant: "shadow"u8);
            Compare(comparison, record.Result, output.Written);
        }
        finally
        {
            Utf8Output.Return(output);
            model.Return(context);
        }
    }

    private void Compare(ShadowComparison comparison, ReadOnlySpan<byte> primary, ReadOnlySpan<byte> shadow)
    {
        var (theirs, ours) = (ShadowResult.Read(primary), ShadowResult.Read(shadow));
        metrics.Count(comparison.Pair, comparison.Add(theirs, ours) ? "agreed" : "differed");
        if (theirs.DistanceTo(ours) is { } distance) metrics.Record(comparison.Pair, distance);
    }

    private void Fail(ShadowComparison comparison, string reason)
    {
        comparison.Fail(reason);
        metrics.Count(comparison.Pair, "failed");
    }
}
