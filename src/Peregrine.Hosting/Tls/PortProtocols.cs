using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Peregrine.Hosting.Tls;

/// <summary>What one port speaks.</summary>
/// <param name="Tls">Null: plain HTTP.</param>
/// <param name="WhyNoHttp3">Where HTTP/3 might be expected and is off.</param>
internal sealed record PortProtocols(string Name, IPAddress Address, int Port, TlsState? Tls, HttpProtocols Protocols, string? WhyNoHttp3)
{
    public override string ToString()
    {
        var spoken = Tls is null ? $"{Name}: http, {(Protocols == HttpProtocols.Http2 ? "HTTP/2" : "HTTP/1.1")}" : $"{Name}: https, {OverTls(Tls)}, {Listed()}";
        return WhyNoHttp3 is null ? spoken : $"{spoken}; HTTP/3 off: {WhyNoHttp3}";
    }

    private static string OverTls(TlsState tls)
    {
        var callers = tls.Options.ClientCertificates switch
        {
            ClientCertificateMode.Require => ", callers' certificates required",
            ClientCertificateMode.Allow => ", callers' certificates allowed",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{(tls.Options.MinimumProtocol == TlsVersion.Tls13 ? "TLS 1.3" : "TLS 1.2 and 1.3")}, certificate {tls.Current.Subject} for {tls.TimeLeft.TotalDays:F0} more days{callers}");
    }

    private string Listed() => string.Join(", ", new[] { (HttpProtocols.Http1, "HTTP/1.1"), (HttpProtocols.Http2, "HTTP/2"), (HttpProtocols.Http3, "HTTP/3") }
        .Where(one => Protocols.HasFlag(one.Item1)).Select(one => one.Item2));
}
