using System.Text;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Models;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Kinds.Prediction.Explanations;
using Peregrine.Records;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Predictions;

/// <summary>
/// From the bytes of a body to the bytes of an answer: bind, score, write, log. Knows nothing of HTTP, holds no lock and allocates
/// nothing for a request that is in order.
/// </summary>
/// <remarks>
/// A service with one active generation is tried in one pass over the body. What that pass cannot finish (a fault, a forced generation)
/// and every split goes the general way: read the envelope, pick the generation, then bind; it also finds the words for a fault.
/// </remarks>
internal sealed class PredictionEngine(IOptions<ServingOptions> options, IOptions<SchemaOptions> schema, QueryLogLine log)
{
    /// <summary>The snapshot was replaced while the request was on its way: take the current one and ask again.</summary>
    public static readonly ApiError Moved = ApiError.ServiceUnavailable("The service is switching generations.");

    private static readonly Caller s_nobody = new(CallerKey.Anyone, null, 0);

    private readonly int _maxDepth = options.Value.MaxJsonDepth;
    private readonly PassLimits _limits = new(options.Value.MaxRecordsPerRequest, schema.Value.MostWarnings);

    /// <summary>Answers <c>predict</c>. Null: the answer is in <paramref name="output"/>.</summary>
    public ApiError? Predict(EndpointRoute route, ReadOnlySpan<byte> body, in Caller caller, Utf8Output output, ref PredictionReport report) =>
        Answer(route, body, caller, many: false, output, ref report);

    /// <summary>Answers <c>predict-multi</c>. Null: the answer is in <paramref name="output"/>.</summary>
    public ApiError? PredictMulti(EndpointRoute route, ReadOnlySpan<byte> body, in Caller caller, Utf8Output output, ref PredictionReport report) =>
        Answer(route, body, caller, many: true, output, ref report);

    /// <summary>Scores a body without logging it, to have everything compiled before the first caller comes. A sample that does not fit is no fault.</summary>
    public void Rehearse(LoadedEndpoint endpoint, ReadOnlySpan<byte> body)
    {
        var output = Utf8Output.Rent();
        var report = default(PredictionReport);
        TryOnePass(endpoint, default, body, s_nobody, many: false, logged: false, output, ref report);
        Utf8Output.Return(output);
    }

    /// <summary>Answers <c>predict-multi</c> of one endpoint, whatever the node serves; false when the body is not in order. For benchmarks.</summary>
    internal bool TryPredictMulti(LoadedEndpoint endpoint, ReadOnlySpan<byte> body, in Caller caller, Utf8Output output)
    {
        var report = default(PredictionReport);
        return TryOnePass(endpoint, default, body, caller, many: true, log.Enabled, output, ref report);
    }

    private ApiError? Answer(
        EndpointRoute route, ReadOnlySpan<byte> body, in Caller caller, bool many, Utf8Output output, ref PredictionReport report)
    {
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        if (!Utf8.IsValid(body)) return PredictionFaults.NotUtf8(body);
        if (!route.Service.IsSingle || route.Target(0) is not { } only) return AnswerGenerally(route, body, caller, many, output, ref report);
        var generation = route.Service.Targets[0];
        if (!generation.TryAcquire()) return Moved;
        try
        {
            if (TryOnePass(only, generation.Utf8Id, body, caller, many, log.Enabled, output, ref report)) return null;
        }
        finally
        {
            generation.Release();
        }

        output.CutTo(0);
        return AnswerGenerally(route, body, caller, many, output, ref report);
    }

    private bool TryOnePass(
        LoadedEndpoint endpoint, ReadOnlySpan<byte> generation, ReadOnlySpan<byte> body, in Caller caller, bool many, bool logged, Utf8Output output,
        ref PredictionReport report)
    {
        report = new PredictionReport { Endpoint = endpoint };
        var pass = new PredictionPass(endpoint, body, caller, _limits, output);
        try
        {
            var envelope = new EnvelopeScanner(body, many ? "items"u8 : "features"u8, _maxDepth);
            while (envelope.TryNextPayload())
            {
                var canExplain = CanExplain(endpoint, envelope, out var asked);
                if (many && !canExplain) return false;
                pass.Explanations = asked;
                if (pass.Score(ref envelope.Json, many, envelope.IsColumns) is not null) return false;
                envelope.EndPayload();
            }

            if (envelope.Error is not null || !MayAnswer(endpoint, envelope)) return false;
            if (!envelope.ForcedGeneration.IsEmpty && !envelope.ForcedGeneration.SequenceEqual(generation)) return false;
            if (!CanExplain(endpoint, envelope, out var explanations) || !pass.TryExplain(explanations)) return false;
            Complete(ref pass, envelope, logged, envelope.ForcedGeneration.IsEmpty ? Variants.Single : Variants.Forced, ref report);
            return true;
        }
        finally
        {
            pass.Dispose();
        }
    }

    private ApiError? AnswerGenerally(
        EndpointRoute route, ReadOnlySpan<byte> body, in Caller caller, bool many, Utf8Output output, ref PredictionReport report)
    {
        report = default;
        var envelope = new EnvelopeScanner(body, many ? "items"u8 : "features"u8, _maxDepth);
        while (envelope.TryNextPayload())
        {
            if (!envelope.Json.TrySkipValue()) return PredictionFaults.Malformed(envelope.Json.Fault, envelope.Json.Position, body);
            envelope.EndPayload();
        }

        if (envelope.Error is { } fault) return fault;
        if (Pick(route, envelope, out var generation, out var endpoint) is { } refusal) return refusal;
        if (!generation!.TryAcquire()) return Moved;
        try
        {
            report.Endpoint = endpoint;
            if (!MayAnswer(endpoint!, envelope)) return PredictionFaults.UnknownMember(envelope.UnknownMember.Of(body), envelope.UnknownMember.Start);
            var variant = Variants.Of(route.Service, !envelope.ForcedGeneration.IsEmpty, envelope.DispatchKey);
            return AnswerWith(endpoint!, envelope, body, caller, variant, many, output, ref report);
        }
        finally
        {
            generation.Release();
        }
    }

    private ApiError? AnswerWith(
        LoadedEndpoint endpoint, in EnvelopeScanner envelope, ReadOnlySpan<byte> body, in Caller caller, ReadOnlySpan<byte> variant, bool many, Utf8Output output,
        ref PredictionReport report)
    {
        var pass = new PredictionPass(endpoint, body, caller, _limits, output);
        try
        {
            // Scanned from the start of the body up to the payload's end, so that every position told to the caller is one of the body.
            var json = PayloadOf(body, envelope.Payload, many);
            if (!CanExplain(endpoint, envelope, out var explanations)) return PredictionFaults.NoExplanations(endpoint.Explainer.Problem!);
            pass.Explanations = explanations;
            if (pass.Score(ref json, many, envelope.IsColumns) is { } fault)
            {
                endpoint.Meter.Schema.Add(pass.Refused);
                return fault;
            }

            pass.TryExplain(explanations);
            Complete(ref pass, envelope, log.Enabled, variant, ref report);
            return null;
        }
        finally
        {
            pass.Dispose();
        }
    }

    private void Complete(ref PredictionPass pass, in EnvelopeScanner envelope, bool logged, ReadOnlySpan<byte> variant, ref PredictionReport report)
    {
        pass.Complete();
        if (logged) pass.Log(log, envelope.Payload, envelope.Context, variant);
        report.Rows = pass.Rows;
        report.Ignored = pass.Ignored;
        report.Phases = pass.Phases;
    }

    /// <summary>How results are to be explained, as far as the request was read. False: they are, and cannot be.</summary>
    private static bool CanExplain(LoadedEndpoint endpoint, in EnvelopeScanner envelope, out ExplanationRequest request)
    {
        request = envelope.Explanations.Or(endpoint.Explainer.Settings);
        return !request.Enabled || endpoint.Explainer.Problem is null;
    }

    /// <summary>A scanner of the whole body that stands before the payload.</summary>
    private JsonScanner PayloadOf(ReadOnlySpan<byte> body, Piece payload, bool many)
    {
        var again = new EnvelopeScanner(body, many ? "items"u8 : "features"u8, _maxDepth);
        again.TryNextPayload();
        return again.Json;
    }

    private static ApiError? Pick(EndpointRoute route, in EnvelopeScanner envelope, out LoadedGeneration? generation, out LoadedEndpoint? endpoint)
    {
        endpoint = null;
        if (envelope.ForcedGeneration.IsEmpty)
        {
            var target = route.Service.Pick(envelope.DispatchKey);
            generation = route.Service.Targets[target];
            endpoint = route.Target(target);
        }
        else
        {
            generation = route.Service.Find(envelope.ForcedGeneration);
            if (generation is null) return DispatchFaults.UnknownGeneration(route.Service, Encoding.UTF8.GetString(envelope.ForcedGeneration));
            endpoint = generation.Endpoints.GetValueOrDefault(route.EndpointId);
        }

        return endpoint is null ? DispatchFaults.NotInGeneration(route, generation) : null;
    }

    /// <summary>A member that nobody knows is refused as an unknown feature is.</summary>
    private static bool MayAnswer(LoadedEndpoint endpoint, in EnvelopeScanner envelope) =>
        envelope.UnknownMember.IsEmpty || endpoint.Prediction.Settings.UnknownFeatures != FeaturePolicy.Refuse;
}
