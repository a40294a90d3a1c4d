using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Peregrine.Serving.Predictions;

/// <summary>The user API in the pipeline: for what <see cref="Transport.PredictionServer"/> did not take before it, and for other servers than Kestrel.</summary>
internal sealed class PredictionMiddleware(RequestDelegate next, UserApi api)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!api.TryAnswer(context, out var answering)) return next(context);
        // Counted by service, endpoint and generation; the framework's own histogram would know none of them.
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } framework) framework.MetricsDisabled = true;
        return answering;
    }
}
