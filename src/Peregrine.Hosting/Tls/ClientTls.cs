using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Hosting.Tls;

/// <summary>TLS of outgoing calls.</summary>
/// <param name="Authorities">PEM file of the authorities to trust, and no others; null: those of the system.</param>
/// <param name="Certificate">File of the certificate to show, PEM or PKCS #12; null: none.</param>
/// <param name="Key">File of its private key in PEM; null: it is with the certificate.</param>
public sealed record ClientTls(string? Authorities, string? Certificate = null, string? Key = null)
{
    /// <summary>Trusts what the system trusts, and shows nothing.</summary>
    public static ClientTls OfTheSystem { get; } = new(Authorities: null);

    /// <summary>Has a handler's connections made by these files, as they are now.</summary>
    /// <exception cref="TlsFileException">A file is missing or does not hold what it should.</exception>
    public void ApplyTo(SocketsHttpHandler handler)
    {
        if (Authorities is not null)
        {
            // Whether a server's certificate was revoked is not asked: a private authority seldom tells.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            policy.CustomTrustStore.AddRange(TlsFiles.ReadRoots(Authorities));
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (Certificate is null) return;
        var (leaf, others) = TlsFiles.ReadWithKey(Certificate, Key, password: null);
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(leaf, others, offline: true);
    }
}
