using System.Text;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.Generations;
using Peregrine.Serving.OpenInference.Answers;
using Peregrine.Serving.OpenInference.Requests;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Shadows;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.OpenInference;

/// <summary>
/// From the bytes of an inference request to the bytes of its answer. Knows nothing of HTTP, holds no lock and allocates nothing for a request that is in order.
/// </summary>
internal sealed class InferEngine(IOptions<ServingOptions> options, IOptions<SchemaOptions> schema, QueryLogLine log, ShadowQueue shadows, TimeProvider clock)
{
    private readonly int _maxDepth = options.Value.MaxJsonDepth;
    private readonly int _maxRecords = options.Value.MaxRecordsPerRequest;
    private readonly int _mostWarnings = schema.Value.MostWarnings;

    /// <summary>A request of the REST protocol. Null: the answer is in <paramref name="output"/>.</summary>
    /// <param name="forced">The generation that the path names, or null.</param>
    /// <param name="headerLength">Bytes of JSON that the body begins with; the rest are binary tensors.</param>
    public ApiError? InferRest(
        EndpointRoute route, LoadedGeneration? forced, ReadOnlySpan<byte> body, int headerLength, in Caller caller, InferWorkspace work, Utf8Output output,
        ref PredictionReport report)
    {
        if (headerLength >= 3 && body.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
            headerLength -= 3;
        }

        return ReadRest(body, headerLength, work) ?? Answer<RestAnswer>(route, forced, body, caller, work, output, ref report);
    }

    private ApiError? ReadRest(ReadOnlySpan<byte> body, int headerLength, InferWorkspace work)
    {
        if (work.Headers.TryRecall(body, headerLength, work.Request)) return null;
        if (!Utf8.IsValid(body[..headerLength])) return PredictionFaults.NotUtf8(body[..headerLength]);
        if (new InferJsonReader(body, headerLength, _maxDepth, work.Request).Read() is { } fault) return fault;
        work.Headers.Keep(body, headerLength, work.Request);
        return null;
    }

    /// <summary>A body that is the binary data of the model's one input and nothing else; the answer is binary.</summary>
    public ApiError? InferRaw(
        EndpointRoute route, LoadedGeneration? forced, ReadOnlySpan<byte> body, in Caller caller, InferWorkspace work, Utf8Output output, ref PredictionReport report)
    {
        // The tensor has no name in the body, so the one of the model that answers is put before it.
        if ((forced is null ? route.Target(0) : forced.Endpoints.GetValueOrDefault(route.EndpointId)) is not { } endpoint) return Unpicked(route, forced);
        var inputs = endpoint.Signature.Spec.Inputs;
        if (inputs.Count != 1) return endpoint.Signature.IsQuiet ? PredictionFaults.Quiet("/inputs") : InferFaults.RawNeedsOneInput(endpoint.Signature);
        var named = RawBody.Put(inputs[0], body, work.Request);
        return Answer<RestAnswer>(route, forced, named, caller, work, output, ref report);
    }

    /// <summary>A request whose reader has filled the workspace.</summary>
    public ApiError? Answer<TForm>(
        EndpointRoute route, LoadedGeneration? forced, ReadOnlySpan<byte> body, in Caller caller, InferWorkspace work, Utf8Output output, ref PredictionReport report)
        where TForm : IAnswerForm
    {
        var target = forced is null ? route.Service.Pick(work.Request.DispatchKey.Of(body)) : -1;
        var generation = forced ?? route.Service.Targets[target];
        var endpoint = forced is null ? route.Target(target) : forced.Endpoints.GetValueOrDefault(route.EndpointId);
        if (endpoint is null) return DispatchFaults.NotInGeneration(route, generation);
        if (!generation.TryAcquire()) return PredictionEngine.Moved;
        try
        {
            report.Endpoint = endpoint;
            var variant = Variants.Of(route.Service, forced is not null, work.Request.DispatchKey.Of(body));
            return AnswerWith<TForm>(route.Service, endpoint, body, caller, variant, work, output, ref report);
        }
        finally
        {
            generation.Release();
        }
    }

    private ApiError? AnswerWith<TForm>(
        ServiceSnapshot service, LoadedEndpoint endpoint, ReadOnlySpan<byte> body, in Caller caller, ReadOnlySpan<byte> variant, InferWorkspace work, Utf8Output output,
        ref PredictionReport report)
        where TForm : IAnswerForm
    {
        var chosen = service.Shadows.Length == 0 ? 0 : ShadowQueue.Choose(service.Shadows);
        var pass = new InferPass(endpoint, work, body, caller, _mostWarnings, log.Enabled || chosen != 0);
        try
        {
            if ((pass.Bind(_maxRecords) ?? pass.Score()) is { } fault)
            {
                endpoint.Meter.Schema.Add(pass.Refused);
                return fault;
            }

            TForm.Write(endpoint.Signature, work, body, output);
            pass.Complete();
            endpoint.Signature.Statistics.Succeeded(work.Results.Rows, pass.Phases, clock.GetUtcNow());
            if (log.Enabled) pass.Log(log, WithId(caller, work.Request.Id.Of(body)), variant);
            if (chosen != 0) report.Copy = shadows.MakeCopy(service, endpoint, chosen, WithId(caller, work.Request.Id.Of(body)), work);
            report.Rows = work.Results.Rows;
            report.Ignored = work.Results.Ignored;
            report.Phases = pass.Phases;
            return null;
        }
        finally
        {
            pass.Dispose();
        }
    }

    /// <summary>The id in the body is the request's id where no header gives one.</summary>
    private static Caller WithId(in Caller caller, ReadOnlySpan<byte> id) =>
        id.IsEmpty || caller.RequestId is not null ? caller : caller with { RequestId = Encoding.UTF8.GetString(id) };

    private static ApiError Unpicked(EndpointRoute route, LoadedGeneration? forced) => DispatchFaults.NotInGeneration(route, forced ?? route.Service.Targets[0]);
}
