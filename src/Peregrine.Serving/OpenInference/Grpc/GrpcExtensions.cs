using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Peregrine.Hosting.Tls;
using Peregrine.Serving.Transport;
using GrpcServiceOptions = Grpc.AspNetCore.Server.GrpcServiceOptions;

namespace Peregrine.Serving.OpenInference.Grpc;

/// <summary>gRPC beside REST. Without TLS a port speaks either HTTP/1.1 or HTTP/2, so it has a port of its own; with TLS the node's own port speaks both.</summary>
public static class GrpcExtensions
{
    /// <summary>Listens for gRPC, HTTP/2, with the node's TLS where it has one. Call it beside <see cref="ServingExtensions.AddServing"/>.</summary>
    /// <param name="port">0: a free one.</param>
    public static WebApplicationBuilder AddGrpcInference(this WebApplicationBuilder builder, IPAddress address, int port)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenNode(address, port, "grpc", [ServingTls.Node], http2Only: true));
        builder.Services.AddSingleton<GrpcPresence>();
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<GrpcErrors>());
        builder.Services.AddOptions<GrpcServiceOptions>().Configure<IOptions<OpenInferenceOptions>>(
            (grpc, options) => grpc.MaxReceiveMessageSize = options.Value.GrpcMaxMessageBytes);
        builder.Services.AddGrpcReflection();
        return builder;
    }

    /// <summary>Maps the gRPC services on a node that speaks it.</summary>
    internal static void MapGrpcInference(this WebApplication app)
    {
        if (app.Services.GetService<GrpcPresence>() is not null) MapServices(app);
    }

    /// <summary>Apart, so that a node without gRPC does not load what it is made of.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MapServices(WebApplication app)
    {
        app.MapGrpcService<InferenceService>().AllowAnonymous();
        app.MapGrpcService<HealthService>().AllowAnonymous();
        app.MapGrpcReflectionService().AllowAnonymous();
    }
}
