using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Hosting.Tls;

/// <summary>What a caller showed in the handshake of a connection.</summary>
/// <param name="Certificate">The caller's own; null: none was shown.</param>
/// <param name="Intermediates">What came with it.</param>
internal sealed record PresentedCertificate(X509Certificate2? Certificate, X509Certificate2Collection Intermediates) : IDisposable
{
    /// <summary>Copies what a handshake disposes of.</summary>
    public static PresentedCertificate Of(X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is null) return new PresentedCertificate(null, []);
        return new PresentedCertificate(Copy(certificate), [.. chain?.ChainPolicy.ExtraStore.Select(Copy) ?? []]);
    }

    public void Dispose()
    {
        Certificate?.Dispose();
        foreach (var one in Intermediates) one.Dispose();
    }

    private static X509Certificate2 Copy(X509Certificate certificate) => X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
}
