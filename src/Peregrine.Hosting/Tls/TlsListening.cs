using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Peregrine.Hosting.Tls;

/// <summary>Opens the ports of a node, with TLS where it is on.</summary>
public static class TlsListening
{
    /// <param name="name">What the port is called in probes and metrics.</param>
    /// <param name="port">0: a free one.</param>
    /// <param name="tls">Names of TLS settings; the first that says anything decides. None: plain HTTP.</param>
    /// <param name="http2Only">For gRPC: without TLS a port speaks HTTP/1.1 or HTTP/2, not both.</param>
    /// <param name="configure">Puts more middleware on the port's connections, inside TLS.</param>
    public static void ListenNode(
        this KestrelServerOptions server, IPAddress address, int port, string name, string[] tls, bool http2Only = false, Action<ListenOptions>? configure = null)
    {
        var services = server.ApplicationServices;
        var state = services.GetService<TlsStates>()?.Choose(tls);
        server.Listen(http2Only ? new Http2EndPoint(address, port) : new IPEndPoint(address, port), listen =>
        {
            var http3 = state is null || http2Only ? "" : WhyNoHttp3(state.Options);
            listen.Protocols = http2Only ? HttpProtocols.Http2 : state is not null && http3 is null ? HttpProtocols.Http1AndHttp2AndHttp3 : HttpProtocols.Http1AndHttp2;
            if (state is not null) UseTls(listen, state, services);
            if (state is not null && http3 is { Length: > 0 }) TlsLog.NoHttp3(services.GetRequiredService<ILogger<TlsStates>>(), name, http3);
            configure?.Invoke(listen);
            services.GetService<Ports>()?.Add(new PortProtocols(name, address, port, state, listen.Protocols, http3 is { Length: > 0 } ? http3 : null));
        });
    }

    private static string? WhyNoHttp3(TlsOptions options)
    {
        if (!options.Http3) return "it is turned off";
        if (options.ClientCertificates != ClientCertificateMode.None) return "callers' certificates are checked on HTTP/1.1 and HTTP/2 only";
        return HasQuic() ? null : "this system has no QUIC (library libmsquic)";
    }

    private static bool HasQuic() => (OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()) && QuicListener.IsSupported;

    private static void UseTls(ListenOptions listen, TlsState state, IServiceProvider services)
    {
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = state.Options.HandshakeTimeout,
            OnConnection = handshake => ValueTask.FromResult(HandshakeOf(state, handshake)),
        });
        if (state.Options.ClientCertificates == ClientCertificateMode.None) return;
        var check = ActivatorUtilities.CreateInstance<ClientCertificateCheck>(services, state);
        listen.Use(next => connection => check.RunAsync(connection, next));
    }

    /// <summary>A caller without a good certificate gets through the handshake, so that he can be told what is wrong; <see cref="ClientCertificateCheck"/> marks him.</summary>
    [SuppressMessage("Security", "CA5359:Do not disable certificate validation", Justification = "Postponed, not left out: the connection is marked as refused until the check has been made.")]
    private static SslServerAuthenticationOptions HandshakeOf(TlsState state, TlsHandshakeCallbackContext handshake)
    {
        var material = state.Current;
        var ssl = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Certificate,
            EnabledSslProtocols = state.Options.MinimumProtocol == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (state.Options.ClientCertificates == ClientCertificateMode.None) return ssl;
        var connection = handshake.Connection;
        connection.Features.Set(RefusedCaller.Unchecked);
        ssl.ClientCertificateRequired = true;
        ssl.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        // A resumed session would not show the certificate again to the authorities in force.
        ssl.AllowTlsResume = false;
        ssl.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            connection.Features.Set(PresentedCertificate.Of(certificate, chain));
            return true;
        };
        return ssl;
    }
}
