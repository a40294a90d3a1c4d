using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Peregrine.Serving.Access;
using Peregrine.Serving.Bulk;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.Limits;
using Peregrine.Serving.OpenInference.Grpc;
using Peregrine.Serving.RateLimits;
using Peregrine.Serving.Snapshots;
using Peregrine.Serving.Tracing;

namespace Peregrine.Serving.Predictions;

/// <summary>
/// The user API, ahead of routing and authentication: looks the path up, checks the key, and answers a prediction without leaving
/// the thread when the body has arrived with its headers.
/// </summary>
internal sealed class UserApi(
    NodeState state, AccessControl access, Admission admission, RequestDeadline deadlines, RateLimiter rates, PredictionIntake intake, KindIntake kinds, BulkApi bulk, GrpcInfer grpc,
    UnusualPaths unusual, PredictionAnswers answers)
{
    /// <summary>Whether a path, spelled as documented, leads to an endpoint's call.</summary>
    public bool Serves(string path) => state.Current.Find(path) is not null || grpc.Serves(path);

    /// <summary>Answers when the path is one of the user API.</summary>
    /// <param name="answering">Ends when the answer is written.</param>
    public bool TryAnswer(HttpContext context, [NotNullWhen(true)] out Task? answering)
    {
        var path = context.Request.Path.Value ?? "";
        if (state.Current.Find(path) is { } route) answering = Guarded(context, path, route);
        else if (grpc.Serves(path)) answering = grpc.AnswerAsync(context);
        else answering = UnusualPaths.TryNormalise(path, out var normal) ? UnusualAsync(context, normal) : null;
        return answering is not null;
    }

    /// <summary>Answers a request that <see cref="Serves"/> was true for. What it led to may be gone since; then that is the answer.</summary>
    public Task AnswerAsync(HttpContext context) => TryAnswer(context, out var answering) ? answering : UnusualAsync(context, context.Request.Path.Value ?? "");

    private Task UnusualAsync(HttpContext context, string path)
    {
        var current = state.Current;
        return current.Find(path) is { } route ? Guarded(context, path, route) : GuardedAsync(context, unusual.AnswerAsync(context, path, current));
    }

    /// <summary>The boundary of a prediction: whatever goes wrong is answered as an error document.</summary>
    private Task Guarded(HttpContext context, string path, UserRoute route)
    {
        try
        {
            var answering = Answer(context, path, route);
            return answering.IsCompletedSuccessfully ? Task.CompletedTask : GuardedAsync(context, answering);
        }
        catch (Exception fault)
        {
            return answers.Fault(context, fault);
        }
    }

    private async Task GuardedAsync(HttpContext context, Task answering)
    {
        try
        {
            await answering;
        }
        catch (Exception fault)
        {
            await answers.Fault(context, fault);
        }
    }

    private Task Answer(HttpContext context, string path, UserRoute route)
    {
        var started = Stopwatch.GetTimestamp();
        var isSimple = route.Call == PredictionCall.PredictSimple;
        var method = context.Request.Method;
        if (!(isSimple ? HttpMethods.IsGet(method) : HttpMethods.IsPost(method))) return PredictionAnswers.WrongMethod(context, isSimple);
        var decision = access.Authorize(context, route.Endpoint.Service, route.Endpoint.EndpointId);
        return decision.IsPending ? AnswerOnceDecidedAsync(context, path, route, started) : AnswerTo(decision, context, path, route, started);
    }

    private async Task AnswerOnceDecidedAsync(HttpContext context, string path, UserRoute route, long started) =>
        await AnswerTo(await access.AuthorizeAsync(context, route.Endpoint.Service, route.Endpoint.EndpointId), context, path, route, started);

    private Task AnswerTo(in AccessDecision decision, HttpContext context, string path, UserRoute route, long started)
    {
        var requestId = RequestId.Take(context);
        if (decision.Caller is not { } key) return answers.Unauthorized(context, route, decision.Error!, started);
        var request = context.Request;
        var authorised = PredictionTrace.IsOn || AnswerHeaders.IsTimed(request) ? Stopwatch.GetTimestamp() : 0;
        var caller = new Caller(key, requestId, started, TraceParent: request.Headers.TraceParent, Authorised: authorised);
        var call = new UserCall(context, path, route, caller);
        if (rates.Admit(context, route.Endpoint, key) is { } limited) return answers.Limited(call, limited);
        if (admission.UrlRefusal(request, path) is { } tooLong) return answers.Fail(call, default, tooLong);
        if (deadlines.Read(request, route.Call, started, out var deadline) is { } wrong) return answers.Fail(call, default, wrong);
        if (deadline != 0) call = call with { Caller = caller with { Deadline = deadline } };
        if (route.Call == PredictionCall.OfKind) return kinds.Take(call);
        return route.Call == PredictionCall.PredictMulti && !BulkCall.IsPlain(request) ? StreamAsync(call) : intake.Take(call);
    }

    /// <summary>A stream holds one place as long as it lasts.</summary>
    private async Task StreamAsync(UserCall call)
    {
        if (admission.Enter(null) is { } full)
        {
            await answers.Overloaded(call, full);
            return;
        }

        try
        {
            await bulk.AnswerAsync(call);
        }
        finally
        {
            admission.Exit();
        }
    }
}
