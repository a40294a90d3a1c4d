using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Serving.Tests.Transport;

/// <summary>A node's certificate files, and clients that trust their authority.</summary>
internal sealed class TlsFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peregrine-tls-");

    public TestAuthority Authority { get; } = new();

    public string Certificate => Path.Combine(_folder.FullName, "server.pem");

    public string Key => Path.Combine(_folder.FullName, "server.key");

    public string ClientCa => Path.Combine(_folder.FullName, "clients.pem");

    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Key first, as a careful tool writes them.</summary>
    public void Write(X509Certificate2 leaf)
    {
        var (certificate, key) = Authority.Pem(leaf);
        System.IO.File.WriteAllText(Key, key);
        System.IO.File.WriteAllText(Certificate, certificate);
    }

    /// <summary>A node with TLS by a fresh certificate, whose files are looked at ten times a second.</summary>
    public ApiNodeBuilder Node(string name = "first")
    {
        Write(Authority.Server(name));
        System.IO.File.WriteAllText(ClientCa, Authority.RootPem);
        return new ApiNodeBuilder().ReachedBy(Handler())
            .WithSetting("Serving:Tls:CertificateFile", Certificate).WithSetting("Serving:Tls:KeyFile", Key).WithSetting("Serving:Tls:ReloadInterval", "00:00:00.1");
    }

    /// <param name="shown">The caller's certificate with what comes with it.</param>
    /// <param name="seen">Gets the subject of each server certificate.</param>
    public SocketsHttpHandler Handler(X509Certificate2Collection? shown = null, Action<string>? seen = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(Authority.Root);
        if (shown is not null) handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(shown[0], [.. shown.Skip(1)], offline: true);
        if (seen is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                seen(certificate!.Subject);
                return errors == SslPolicyErrors.None;
            };
        }

        return handler;
    }

    public void Dispose()
    {
        Authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
