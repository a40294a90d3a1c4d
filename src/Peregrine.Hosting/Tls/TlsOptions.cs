using System.ComponentModel.DataAnnotations;

namespace Peregrine.Hosting.Tls;

/// <summary>TLS of one port. Without <see cref="CertificateFile"/> the port speaks plain HTTP. Files are read again when they change.</summary>
public sealed class TlsOptions
{
    /// <summary>The server's certificate: PEM, followed by its intermediates, or PKCS #12 (PFX) with key and intermediates. Default: none.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The private key in PEM. Default: it is in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Password of an encrypted key or PFX. Default: none.</summary>
    public string? Password { get; set; }

    /// <summary>True: plain HTTP, also where the port would take the settings of another one. Default: false.</summary>
    public bool Off { get; set; }

    /// <summary>Oldest protocol that is spoken: <c>Tls12</c> (default) or <c>Tls13</c>.</summary>
    [EnumDataType(typeof(TlsVersion))]
    public TlsVersion MinimumProtocol { get; set; } = TlsVersion.Tls12;

    /// <summary>Whether callers show certificates of their own: <c>None</c> (default), <c>Allow</c> or <c>Require</c>.</summary>
    [EnumDataType(typeof(ClientCertificateMode))]
    public ClientCertificateMode ClientCertificates { get; set; }

    /// <summary>PEM file of the authorities whose certificates callers may show; no other is trusted. Required where certificates are asked for.</summary>
    public string? ClientCaFile { get; set; }

    /// <summary>Whether callers' certificates are looked up as revoked: <c>None</c> (default), <c>Offline</c> (lists already on this machine) or <c>Online</c> (asks the authority).</summary>
    [EnumDataType(typeof(RevocationMode))]
    public RevocationMode ClientRevocation { get; set; }

    /// <summary>Longest wait for an authority's list of revoked certificates: 100 ms to 1 min, default 5 s. Without an answer the caller is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ClientRevocationTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether HTTP/3 is spoken where the system has QUIC and callers show no certificates. Default: true.</summary>
    public bool Http3 { get; set; } = true;

    /// <summary>Longest handshake: 100 ms to 5 min, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two looks at the files: 100 ms to 1 day, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long before its end a certificate is told of by <c>/readyz?verbose</c>: 0 to 366 days, default 14 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "366.00:00:00")]
    public TimeSpan ExpiryWarning { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Whether the port has TLS by these settings.</summary>
    internal bool IsOn => !Off && CertificateFile is not null;
}
