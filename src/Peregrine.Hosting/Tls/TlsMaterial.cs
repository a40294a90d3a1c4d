using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Hosting.Tls;

/// <summary>What handshakes present and trust, read from files at one moment.</summary>
/// <param name="ClientRoots">Authorities of callers' certificates; empty where none are asked for.</param>
/// <remarks>Never disposed of: a handshake may still hold it when the next one is in force. The finaliser frees it.</remarks>
internal sealed record TlsMaterial(SslStreamCertificateContext Certificate, X509Certificate2Collection ClientRoots)
{
    public string Subject => Certificate.TargetCertificate.Subject;

    public DateTimeOffset NotBefore => new(Certificate.TargetCertificate.NotBefore);

    public DateTimeOffset NotAfter => new(Certificate.TargetCertificate.NotAfter);

    /// <summary>Why it should not be used at a time; null: nothing speaks against it.</summary>
    public string? FaultAt(DateTimeOffset time) =>
        time > NotAfter ? $"the certificate {Subject} ended on {NotAfter:u}"
        : time < NotBefore ? $"the certificate {Subject} begins only on {NotBefore:u}"
        : null;
}
