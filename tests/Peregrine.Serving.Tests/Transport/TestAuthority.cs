using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Serving.Tests.Transport;

/// <summary>A certificate authority of the test's own, with an intermediate that signs for it.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly Oid s_server = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid s_client = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2 _intermediate;

    public TestAuthority(string name = "Test authority")
    {
        Root = Authority($"CN={name}", null);
        _intermediate = Authority($"CN={name} intermediate", Root);
    }

    public X509Certificate2 Root { get; }

    public string RootPem => Root.ExportCertificatePem();

    public X509Certificate2 Server(string name = "localhost", DateTimeOffset? from = null, DateTimeOffset? until = null) => Leaf($"CN={name}", s_server, from, until);

    public X509Certificate2 Client(string name = "caller", DateTimeOffset? from = null, DateTimeOffset? until = null) => Leaf($"CN={name}", s_client, from, until);

    /// <summary>Certificate, intermediate and key, as files of PEM.</summary>
    public (string Certificate, string Key) Pem(X509Certificate2 leaf) =>
        (leaf.ExportCertificatePem() + "\n" + _intermediate.ExportCertificatePem() + "\n", leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());

    public byte[] Pfx(X509Certificate2 leaf, string? password) =>
        new X509Certificate2Collection { leaf, X509CertificateLoader.LoadCertificate(_intermediate.RawData) }.Export(X509ContentType.Pkcs12, password)!;

    /// <summary>What a client shows: its certificate and the intermediate.</summary>
    public X509Certificate2Collection Chain(X509Certificate2 leaf) => [leaf, X509CertificateLoader.LoadCertificate(_intermediate.RawData)];

    public void Dispose()
    {
        Root.Dispose();
        _intermediate.Dispose();
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var (from, until) = (DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
        return issuer is null ? request.CreateSelfSigned(from.AddDays(-1), until.AddDays(1)) : Signed(request, issuer, key, from, until);
    }

    private X509Certificate2 Leaf(string name, Oid usage, DateTimeOffset? from, DateTimeOffset? until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], false));
        return Signed(request, _intermediate, key, from ?? DateTimeOffset.UtcNow.AddDays(-1), until ?? DateTimeOffset.UtcNow.AddDays(90));
    }

    private static X509Certificate2 Signed(CertificateRequest request, X509Certificate2 issuer, ECDsa key, DateTimeOffset from, DateTimeOffset until)
    {
        using var bare = request.Create(issuer, from, until, RandomNumberGenerator.GetBytes(12));
        return bare.CopyWithPrivateKey(key);
    }
}
