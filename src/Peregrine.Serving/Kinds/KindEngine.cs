using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Records;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Kinds.Caching;
using Peregrine.Serving.Limits;
using Peregrine.Serving.Metrics;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Kinds;

/// <summary>From the bytes of a body to the bytes of an answer, for every kind but predictions: envelope, generation, records, cache, answer, log. Knows nothing of HTTP.</summary>
internal sealed class KindEngine(NodeState state, QueryLogLine log, IOptions<ServingOptions> options)
{
    private readonly int _maxDepth = options.Value.MaxJsonDepth;
    private readonly int _maxRecords = options.Value.MaxRecordsPerRequest;

    /// <param name="body">Stays as it is until the answer is there.</param>
    /// <param name="output">Empty; holds the answer afterwards, unless there is an error.</param>
    public async ValueTask<KindOutcome> AnswerAsync(UserCall call, ReadOnlyMemory<byte> body, Utf8Output output)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        var route = call.Route;
        while (true)
        {
            var outcome = await AnswerAsync(call, route, body, output);
            if (!ReferenceEquals(outcome.Error, PredictionEngine.Moved)) return outcome;
            output.CutTo(0);
            if (state.Current.Find(call.Path) is not { OfKind: not null } current) return outcome;
            route = current;
        }
    }

    /// <summary>Answers a body without counting or logging it, to have everything compiled before the first caller comes. A sample that does not fit is no fault.</summary>
    public void Rehearse(KindEndpoint endpoint, ReadOnlySpan<byte> body)
    {
        // What waits for something outside has its own way to get ready.
        if (endpoint.Waits) return;
        var output = Utf8Output.Rent();
        var request = KindRequest.Rent(new Caller(CallerKey.Anyone, null, 0), output);
        try
        {
            var call = endpoint.Kind.Calls[0];
            if (CallEnvelope.Read(body, call, _maxDepth, out var envelope) is not null) return;
            request.Endpoint = endpoint;
            if (ReadRecords(request, call, body, envelope.Payload) is not null) return;
            var answering = request.Query!.AnswerAsync(request.Results, CancellationToken.None);
            Debug.Assert(answering.IsCompleted, "A kind that does not wait answers at once.");
        }
        finally
        {
            request.Return();
            Utf8Output.Return(output);
        }
    }

    private async ValueTask<KindOutcome> AnswerAsync(UserCall call, UserRoute route, ReadOnlyMemory<byte> body, Utf8Output output)
    {
        var request = KindRequest.Rent(call.Caller, output);
        try
        {
            var error = Prepare(request, route, body.Span) ?? await AnswerAsync(request, call.Context.RequestAborted);
            request.Endpoint?.Meter.Cache?.Add(request.Cache.Result);
            if (error is null) Complete(request, route, body.Span, output);
            var results = request.Results;
            var report = error is null
                ? new PredictionReport { Endpoint = request.Endpoint, Rows = results.Count, Ignored = results.Ignored, Phases = request.Phases }
                : new PredictionReport { Endpoint = request.Endpoint };
            return new KindOutcome(error, route, report, request.Cache);
        }
        finally
        {
            request.Return();
        }
    }

    /// <summary>Reads the request, picks the generation and checks the records.</summary>
    private ApiError? Prepare(KindRequest request, UserRoute route, ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body)) return PredictionFaults.NotUtf8(body);
        var call = route.OfKind!;
        if (CallEnvelope.Read(body, call, _maxDepth, out var envelope) is { } fault) return fault;
        if (Pick(request, route, envelope) is { } refusal) return refusal;
        request.Context = envelope.Context;
        if (ReadRecords(request, call, body, envelope.Payload) is { } wrong) return wrong;
        request.Phases.Parsed();
        return null;
    }

    private static ApiError? Pick(KindRequest request, UserRoute route, in CallEnvelope envelope)
    {
        LoadedGeneration? generation;
        request.IsForced = !envelope.ForcedGeneration.IsEmpty;
        request.HasKey = !envelope.DispatchKey.IsEmpty;
        var service = route.Endpoint.Service;
        if (!request.IsForced) generation = service.Targets[service.Pick(envelope.DispatchKey)];
        else if ((generation = service.Find(envelope.ForcedGeneration)) is null)
            return DispatchFaults.UnknownGeneration(service, Encoding.UTF8.GetString(envelope.ForcedGeneration));
        if (!generation.OfKinds.TryGetValue(route.Endpoint.EndpointId, out var endpoint) || !endpoint.Kind.Calls.Contains(route.OfKind!))
            return DispatchFaults.NotInGeneration(route.Endpoint, generation);
        if (!generation.TryAcquire()) return PredictionEngine.Moved;
        request.Generation = generation;
        request.Endpoint = endpoint;
        return null;
    }

    private ApiError? ReadRecords(KindRequest request, KindCall call, ReadOnlySpan<byte> body, Piece payload)
    {
        var query = request.Query = request.Endpoint!.Begin(call);
        var json = new JsonScanner(body, _maxDepth);
        json.MoveTo(payload.Start);
        if (call.Many) return ReadItems(request, query, call, body, ref json);
        if (query.Add(ref json, body, -1) is { } error) return error;
        request.Records.Add(new Piece(payload.Start, json.Position), default);
        return null;
    }

    private ApiError? ReadItems(KindRequest request, KindQuery query, KindCall call, ReadOnlySpan<byte> body, ref JsonScanner json)
    {
        if (json.Peek() != JsonKind.Array) return KindFaults.NotAnArray(call, json.Position);
        json.TryBeginArray();
        for (var first = true; json.TryNextElement(ref first);)
        {
            if (request.Records.Count == _maxRecords) return PredictionFaults.TooManyRecords(_maxRecords);
            if (ReadItem(request, query, call, body, ref json) is { } error) return error;
        }

        return null;
    }

    /// <summary>The body is known to be well-formed JSON; what a record is made of is checked by its kind.</summary>
    private static ApiError? ReadItem(KindRequest request, KindQuery query, KindCall call, ReadOnlySpan<byte> body, ref JsonScanner json)
    {
        var item = request.Records.Count;
        if (json.Peek() != JsonKind.Object) return KindFaults.NotAnItem(call, item, json.Position);
        json.TryBeginObject();
        var start = json.Position;
        Piece record = default, context = default;
        for (var first = true; json.TryNextMember(ref first, out var name, out _);)
        {
            var kind = json.Peek();
            var from = json.Position;
            if (Ascii.Equals(name, call.Record))
            {
                if (!record.IsEmpty) return KindFaults.Twice(Invariant($"/items/{item}/{call.Record}"), from);
                if (query.Add(ref json, body, item) is { } error) return error;
                record = new Piece(from, json.Position);
                continue;
            }

            if (!name.SequenceEqual("context"u8)) return KindFaults.UnknownMember(Invariant($"/items/{item}"), name, json.OffsetOf(name), call.Record, "context");
            json.TrySkipValue();
            context = kind == JsonKind.Null ? default : new Piece(from, json.Position);
        }

        if (record.IsEmpty) return KindFaults.NotAnItem(call, item, start);
        request.Records.Add(record, context);
        return null;
    }

    private static async ValueTask<ApiError?> AnswerAsync(KindRequest request, CancellationToken aborted)
    {
        if (request.Endpoint!.Cache is { } cache) return await AnswerFromAsync(cache, request, aborted);
        if (!request.Endpoint.Waits || request.Caller.Deadline == 0) return await request.Query!.AnswerAsync(request.Results, aborted);
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        timed.CancelAfter(Left(request.Caller.Deadline));
        try
        {
            return await request.Query!.AnswerAsync(request.Results, timed.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return LimitFaults.DeadlineExceeded;
        }
    }

    private static async ValueTask<ApiError?> AnswerFromAsync(ResponseCache cache, KindRequest request, CancellationToken aborted)
    {
        request.Query!.WriteKey(request.Key);
        var kept = cache.Ask(request.Key.Written, out var seconds, out var flight, out var leads);
        if (kept is not null)
        {
            request.Results.Take(kept);
            request.Cache = new CacheUse(CacheResult.Hit, seconds);
            return null;
        }

        if (leads)
        {
            // Taken over by the computation: it goes on when this request is given up, as long as another one waits.
            request.Generation!.TryAcquire();
            _ = ComputeAsync(cache, flight!, request.Query, request.Generation);
            request.Query = null;
        }

        return await WaitAsync(cache, flight!, leads, request, aborted);
    }

    private static async ValueTask<ApiError?> WaitAsync(ResponseCache cache, Flight flight, bool leads, KindRequest request, CancellationToken aborted)
    {
        try
        {
            var wait = request.Caller.Deadline == 0 ? Timeout.InfiniteTimeSpan : Left(request.Caller.Deadline);
            var end = flight.Ended.IsCompleted ? await flight.Ended : await flight.Ended.WaitAsync(wait, aborted);
            request.Cache = new CacheUse(!leads ? CacheResult.Collapsed : end.IsKept ? CacheResult.Stored : CacheResult.Miss);
            if (end.Answer is { } answer) request.Results.Take(answer);
            return end.Error;
        }
        catch (TimeoutException) when (!flight.Ended.IsFaulted)
        {
            return LimitFaults.DeadlineExceeded;
        }
        finally
        {
            cache.Leave(flight);
        }
    }

    /// <summary>Belongs to no request: whoever asks the same meanwhile waits for it.</summary>
    private static async Task ComputeAsync(ResponseCache cache, Flight flight, KindQuery query, LoadedGeneration generation)
    {
        var output = Utf8Output.Rent();
        try
        {
            var results = new KindResults();
            results.Reset(output);
            var error = await query.AnswerAsync(results, flight.Abandoned);
            cache.End(flight, error, error is null ? results.Keep() : null);
        }
        catch (Exception fault)
        {
            // The boundary of a computation: those who wait for it answer for the fault.
            cache.Fail(flight, fault);
        }
        finally
        {
            Utf8Output.Return(output);
            query.Return();
            generation.Release();
        }
    }

    /// <summary>Closes the answer, counts and logs.</summary>
    private void Complete(KindRequest request, UserRoute route, ReadOnlySpan<byte> body, Utf8Output output)
    {
        ref var phases = ref request.Phases;
        phases.Scored();
        phases.Complete();
        var endpoint = request.Endpoint!;
        endpoint.Meter.Stages.Add(Stage.Bind, phases.ParseNanoseconds);
        endpoint.Meter.Stages.Add(Stage.Score, phases.ScoreNanoseconds);
        endpoint.Meter.Stages.Add(Stage.Write, phases.RestNanoseconds);
        output.Write(",\"timing\":{\"parse\":"u8);
        output.WriteMilliseconds(phases.ParseMicroseconds);
        output.Write(",\"score\":"u8);
        output.WriteMilliseconds(phases.ScoreMicroseconds);
        output.Write(",\"total\":"u8);
        output.WriteMilliseconds(phases.TotalMicroseconds);
        output.Write(endpoint.AnswerTail);
        if (log.Enabled) Log(request, route, body, output);
    }

    /// <summary>One line per record.</summary>
    private void Log(KindRequest request, UserRoute route, ReadOnlySpan<byte> body, Utf8Output output)
    {
        var variant = Variants.Of(route.Endpoint.Service, request.IsForced, request.HasKey ? "key"u8 : default);
        for (var at = 0; at < request.Records.Count; at++)
        {
            var (record, own) = request.Records[at];
            var context = own.IsEmpty ? request.Context : own;
            var result = at < request.Results.Count ? request.Results.Pieces[at].Of(output.Written) : "null"u8;
            log.Write(
                request.Endpoint!, request.Caller, record.Of(body), context.Of(body), result, request.Phases, route.OfKind!.Many ? at : -1, variant, cache: request.Cache.LogWord);
        }
    }

    private static TimeSpan Left(long deadline)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
