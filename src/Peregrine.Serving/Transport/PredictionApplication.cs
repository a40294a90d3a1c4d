using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Hosting.Tls;
using Peregrine.Serving.Access.Admin;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Transport;

/// <summary>Takes predictions itself, on the thread that read the request; gives every other request to the hosting layer, on a thread of the pool.</summary>
/// <param name="hasOtherConnections">Whether there are connections on which predictions are not answered.</param>
internal sealed class PredictionApplication<TContext>(IHttpApplication<TContext> hosting, UserApi api, IServiceScopeFactory scopes, bool hasOtherConnections)
    : IHttpApplication<PredictionApplication<TContext>.Request>
    where TContext : notnull
{
    public Request CreateContext(IFeatureCollection contextFeatures)
    {
        var request = RequestOf(contextFeatures);
        request.IsPrediction = api.Serves(contextFeatures.GetRequiredFeature<IHttpRequestFeature>().Path) && !(hasOtherConnections && IsOther(contextFeatures));
        if (request.IsPrediction) request.Begin(contextFeatures, scopes);
        else request.Hosted = hosting.CreateContext(contextFeatures);
        return request;
    }

    public Task ProcessRequestAsync(Request context)
    {
        if (!context.IsPrediction) return OffTheTransport.IsHere ? ProcessOnPoolAsync(context.Hosted!) : hosting.ProcessRequestAsync(context.Hosted!);
        return api.AnswerAsync(context.Http!);
    }

    public void DisposeContext(Request context, Exception? exception)
    {
        if (context.IsPrediction) context.End();
        else hosting.DisposeContext(context.Hosted!, exception);
        context.Hosted = default;
    }

    private async Task ProcessOnPoolAsync(TContext hosted)
    {
        await Task.Yield();
        await hosting.ProcessRequestAsync(hosted);
    }

    /// <summary>The admin port does not answer predictions, and a caller without a good certificate gets none.</summary>
    private static bool IsOther(IFeatureCollection features) => AdminConnection.Is(features) || RefusedCallers.Has(features);

    /// <summary>A connection of HTTP/1.1 carries its request's context from one request to the next.</summary>
    private static Request RequestOf(IFeatureCollection features)
    {
        if (features is not IHostContextContainer<Request> connection) return new Request();
        return connection.HostContext ??= new Request();
    }

    /// <summary>What goes with a request from its first to its last byte.</summary>
    internal sealed class Request
    {
        public bool IsPrediction { get; set; }

        public DefaultHttpContext? Http { get; private set; }

        public TContext? Hosted { get; set; }

        public void Begin(IFeatureCollection features, IServiceScopeFactory scopes)
        {
            if (Http is null) Http = new DefaultHttpContext(features) { ServiceScopeFactory = scopes };
            else Http.Initialize(features);
        }

        public void End() => Http!.Uninitialize();
    }
}
