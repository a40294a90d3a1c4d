using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Transport;

namespace Peregrine.Serving.Bulk;

/// <summary>
/// Streams through <c>predict-multi</c>: reads records as CSV or JSON lines and answers each piece before the next has come. Memory does not grow with the
/// stream, and a caller that does not read its results is not read from.
/// </summary>
/// <remarks>A stream is answered by the generation that was picked at its beginning, which is kept until its end.</remarks>
internal sealed class BulkApi(NodeState state, QueryLogLine log, ServingMetrics metrics, IOptions<ServingOptions> serving, IOptions<BulkOptions> options)
{
    private const int PieceBytes = 64 * 1024;

    private readonly BulkOptions _options = options.Value;
    private readonly int _maxDepth = serving.Value.MaxJsonDepth;

    /// <summary>Answers a call for which <see cref="BulkCall.IsPlain"/> is false.</summary>
    public async Task AnswerAsync(HttpContext context, string path, UserRoute route, Caller caller)
    {
        await LeaveTransportAsync();
        if (BulkCall.Read(context.Request, out var error) is not { } call || Pick(path, ref route, call, out var generation, out error) is not { } endpoint)
        {
            metrics.Record(route.Endpoint.Meter, PredictionOutcome.Invalid, 0, caller.Started);
            await ErrorAnswer.WriteAsync(context, error!);
            return;
        }

        try
        {
            await StreamAsync(context, endpoint, call, caller);
        }
        finally
        {
            generation!.Release();
        }
    }

    private async Task StreamAsync(HttpContext context, LoadedEndpoint endpoint, BulkCall call, Caller caller)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        RowSource source = call.Input == RowMedia.Csv ? new CsvRows(endpoint.Prediction) : new JsonLineRows(endpoint.Prediction, _maxDepth);
        RowFormat format = call.Output switch
        {
            RowMedia.Csv => new CsvFormat(endpoint.Prediction.Model.Spec),
            RowMedia.JsonLines => new JsonLinesFormat(),
            _ => JsonFormat.For(endpoint),
        };
        using var scorer = new RowScorer(endpoint, caller, source, format, log, call, _options.MaxRows);
        var outcome = PredictionOutcome.Failed;
        try
        {
            await PumpAsync(context, scorer, format);
            outcome = scorer.Fault is not null || scorer.StoppedBy is not null ? PredictionOutcome.Invalid
                : scorer.Totals.Ignored > 0 ? PredictionOutcome.Ignored : PredictionOutcome.Ok;
        }
        catch (Exception gone) when (gone is OperationCanceledException or BadHttpRequestException || context.RequestAborted.IsCancellationRequested)
        {
            outcome = PredictionOutcome.Invalid;
            throw;
        }
        finally
        {
            metrics.Record(endpoint.Meter, outcome, (int)Math.Min(scorer.Totals.Rows, int.MaxValue), caller.Started);
        }
    }

    private async Task PumpAsync(HttpContext context, RowScorer scorer, RowFormat format)
    {
        var stop = context.RequestAborted;
        var reader = context.Request.BodyReader;
        var output = new Utf8Output();
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var (held, total) = (0, 0L);
            for (var isLast = false; !isLast && scorer.StoppedBy is null;)
            {
                var read = await reader.ReadAsync(stop);
                await LeaveTransportAsync();
                total += Take(reader, read, piece, ref held, out isLast);
                held = Process(scorer, ref piece, held, isLast, total, output);
                if (scorer.Fault is { } fault)
                {
                    await ErrorAnswer.WriteAsync(context, fault);
                    return;
                }

                if (scorer.StoppedBy is { } first && !context.Response.HasStarted && scorer.Totals.Rows == 0)
                {
                    await ErrorAnswer.WriteAsync(context, BulkFaults.First(first));
                    return;
                }

                await SendAsync(context, format, output, stop);
            }

            scorer.Complete(output);
            await SendAsync(context, format, output, stop);
            if (scorer.StoppedBy is not null) throw Cut();
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

    private static async ValueTask SendAsync(HttpContext context, RowFormat format, Utf8Output output, CancellationToken stop)
    {
        if (output.Length == 0) return;
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = format.ContentType;
            context.Response.Headers.CacheControl = "no-store";
        }

        await context.Response.BodyWriter.WriteAsync(output.WrittenMemory, stop);
        output.CutTo(0);
        await LeaveTransportAsync();
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

    private static async ValueTask LeaveTransportAsync()
    {
        if (OffTheTransport.IsHere) await Task.Yield();
    }
}
