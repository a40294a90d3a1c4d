using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.RateLimits;
using Peregrine.Serving.Shadows;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Bulk;

/// <summary>
/// Streams through <c>predict-multi</c>: reads records as CSV or JSON lines and answers each piece before the next has come. Memory does not grow with the
/// stream, and a caller that does not read its results is not read from.
/// </summary>
/// <remarks>A stream is answered by the generation that was picked at its beginning, which is kept until its end.</remarks>
internal sealed class BulkApi(
    NodeState state, QueryLogLine log, PredictionAnswers answers, RateLimiter rates, ShadowQueue shadows, IOptions<ServingOptions> serving, IOptions<SchemaOptions> schema, IOptions<BulkOptions> options)
{
    private const int PieceBytes = 64 * 1024;

    private readonly BulkOptions _options = options.Value;
    private readonly int _maxDepth = serving.Value.MaxJsonDepth;

    /// <summary>Answers a call for which <see cref="BulkCall.IsPlain"/> is false.</summary>
    public async Task AnswerAsync(UserCall call)
    {
        await BulkWire.LeaveTransportAsync();
        var route = call.Route;
        if (BulkCall.Read(call.Context.Request, out var error) is not { } bulk || Pick(call.Path, ref route, bulk, out var generation, out error) is not { } endpoint)
        {
            await answers.Fail(call, default, error!);
            return;
        }

        try
        {
            var explanations = bulk.Explanations.Or(endpoint.Explainer.Settings);
            if (explanations.Enabled && endpoint.Explainer.Problem is { } problem) await answers.Fail(call, default, PredictionFaults.NoExplanations(problem));
            else await StreamAsync(call with { Route = route }, endpoint, bulk, explanations);
        }
        finally
        {
            generation!.Release();
        }
    }

    private async Task StreamAsync(UserCall call, LoadedEndpoint endpoint, BulkCall bulk, ExplanationRequest explanations)
    {
        var context = call.Context;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        RowSource source = bulk.Input == RowMedia.Csv ? new CsvRows(endpoint.Prediction) : new JsonLineRows(endpoint.Prediction, _maxDepth);
        RowFormat format = bulk.Output switch
        {
            RowMedia.Csv => new CsvFormat(endpoint.Prediction.Model.Spec, explanations.Enabled ? endpoint.Explainer.Fields : [], explanations.Count),
            RowMedia.JsonLines => new JsonLinesFormat(),
            _ => JsonFormat.For(endpoint),
        };
        var variant = Variants.Of(call.Route.Endpoint.Service, bulk.Generation is not null, Encoding.UTF8.GetBytes(bulk.DispatchKey ?? "")).ToArray();
        using var copies = new StreamCopies(shadows, state, endpoint, call.Caller with { SendsText = bulk.Input == RowMedia.Csv });
        using var scorer = new RowScorer(endpoint, call.Caller, source, format, log, bulk, variant, _options.MaxRows, schema.Value.MostWarnings)
        {
            Explanations = explanations,
            Copies = copies,
        };
        await using var wire = new BulkWire(call, bulk.Coding, format.ContentType, rates);
        ApiError? ended;
        try
        {
            ended = await PumpAsync(wire, scorer, copies, bulk.Coding);
        }
        catch (Exception gone) when (gone is OperationCanceledException or BadHttpRequestException || context.RequestAborted.IsCancellationRequested)
        {
            answers.Record(call, ReportOf(endpoint, scorer), BulkFaults.Gone);
            throw;
        }
        finally
        {
            rates.Settle(context, call.Route.Endpoint, call.Caller.Key, scorer.Totals.Rows);
        }

        if (ended is null || wire.HasBegun) answers.Record(call, ReportOf(endpoint, scorer), ended);
        if (ended is null) return;
        if (wire.HasBegun) throw Cut();
        await answers.Fail(call, ReportOf(endpoint, scorer), ended);
    }

    private static PredictionReport ReportOf(LoadedEndpoint endpoint, RowScorer scorer) => new()
    {
        Endpoint = endpoint,
        Rows = (int)Math.Min(scorer.Totals.Rows, int.MaxValue),
        Ignored = (int)Math.Min(scorer.Totals.Ignored, int.MaxValue),
    };

    /// <returns>Why the stream did not come to its end; null: it did.</returns>
    private async Task<ApiError?> PumpAsync(BulkWire wire, RowScorer scorer, StreamCopies copies, string? coding)
    {
        var output = new Utf8Output();
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var (held, total) = (0, 0L);
            for (var isLast = false; !isLast && scorer.StoppedBy is null;)
            {
                var read = await wire.Records.ReadAsync(wire.Stopping);
                await BulkWire.LeaveTransportAsync();
                total += Take(wire.Records, read, piece, ref held, out isLast);
                held = Process(scorer, ref piece, held, isLast, total, output);
                if (scorer.Fault is { } fault) return fault;
                if (scorer.StoppedBy is { } first && !wire.HasBegun && scorer.Totals.Rows == 0) return BulkFaults.First(first);
                await wire.SendAsync(output);
                copies.Offer();
            }

            scorer.Complete(output);
            await wire.SendAsync(output);
            await wire.CompleteAsync();
            return scorer.StoppedBy is { } stopped ? BulkFaults.First(stopped) : null;
        }
        catch (Exception broken) when (coding is not null && BodyCoding.IsMalformed(broken))
        {
            return CodingFaults.NotOf(coding!);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Copies what fits behind the bytes that are held; the rest of what was read comes again.</summary>
    private static int Take(PipeReader reader, in ReadResult read, byte[] piece, ref int held, out bool isLast)
    {
        var taken = (int)Math.Min(read.Buffer.Length, piece.Length - held);
        read.Buffer.Slice(0, taken).CopyTo(piece.AsSpan(held));
        isLast = read.IsCompleted && taken == read.Buffer.Length;
        reader.AdvanceTo(read.Buffer.GetPosition(taken));
        held += taken;
        return taken;
    }

    /// <returns>Bytes that are still held.</returns>
    private int Process(RowScorer scorer, ref byte[] piece, int held, bool isLast, long total, Utf8Output output)
    {
        var used = scorer.Process(piece.AsSpan(0, held), isLast, output);
        piece.AsSpan(used, held - used).CopyTo(piece);
        held -= used;
        if (total > _options.MaxBodyBytes)
            scorer.Stop(piece, new RowError(scorer.Line, "TooManyBytes", BulkFaults.TooManyBytes(_options.MaxBodyBytes), ""), output);
        else if (held > _options.MaxRecordBytes && scorer is { StoppedBy: null, Fault: null })
            scorer.Stop(piece, new RowError(scorer.Line, "RecordTooLong", BulkFaults.RecordTooLong(_options.MaxRecordBytes), ""), output);
        else if (held == piece.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(piece.Length * 2);
            piece.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(piece);
            piece = larger;
        }

        return held;
    }

    private LoadedEndpoint? Pick(string path, ref UserRoute route, BulkCall call, out LoadedGeneration? generation, out ApiError? error)
    {
        while (true)
        {
            var service = route.Endpoint.Service;
            error = null;
            generation = call.Generation is null
                ? service.Targets[service.Pick(Encoding.UTF8.GetBytes(call.DispatchKey ?? ""))]
                : service.Find(Encoding.UTF8.GetBytes(call.Generation));
            if (generation is null) error = DispatchFaults.UnknownGeneration(service, call.Generation!);
            else if (!generation.Endpoints.TryGetValue(route.Endpoint.EndpointId, out var endpoint)) error = DispatchFaults.NotInGeneration(route.Endpoint, generation);
            else if (generation.TryAcquire()) return endpoint;
            if (error is not null) return null;
            if (state.Current.Find(path) is not { } current)
            {
                error = DispatchFaults.NotServing(service);
                return null;
            }

            route = current;
        }
    }

    /// <summary>
    /// Ends a connection that has answered in part without the end of its body, so that the caller's client says so. It is the caller's fault and so not logged
    /// as ours.
    /// </summary>
    private static BadHttpRequestException Cut() => new("The stream was stopped at a record that cannot be read.");
}
