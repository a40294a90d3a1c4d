using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Peregrine.Hosting.Tls;

/// <summary>Reads certificates and keys from files.</summary>
internal static class TlsFiles
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <exception cref="TlsFileException">A file is missing, cannot be read, or does not hold what it should.</exception>
    public static TlsMaterial Read(TlsOptions options)
    {
        var file = options.CertificateFile!;
        var (leaf, intermediates) = ReadWithKey(file, options.KeyFile, options.Password);
        var usage = leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (usage?.EnhancedKeyUsages[ServerAuthentication] is null && usage is not null)
            throw new TlsFileException($"The certificate in '{file}' is not one of a server: its extended key usage leaves server authentication out.");
        var roots = options.ClientCertificates == ClientCertificateMode.None ? [] : ReadRoots(options.ClientCaFile!);
        // Offline: nothing is fetched to complete the chain or to staple a status.
        return new TlsMaterial(SslStreamCertificateContext.Create(leaf, intermediates, offline: true), roots);
    }

    /// <summary>A certificate with its private key, and the certificates that come with it.</summary>
    /// <exception cref="TlsFileException">As above.</exception>
    public static (X509Certificate2 Leaf, X509Certificate2Collection Others) ReadWithKey(string file, string? keyFile, string? password)
    {
        var bytes = Bytes(file);
        try
        {
            return Pem(bytes) is { } pem ? FromPem(pem, keyFile is null ? pem : Pem(Bytes(keyFile)) ?? throw new TlsFileException($"'{keyFile}' holds no private key in PEM."), password)
                : FromPfx(file, bytes, password);
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new TlsFileException($"'{file}'{(keyFile is null ? "" : $" with the key '{keyFile}'")} cannot be used as a certificate: {wrong.Message}", wrong);
        }
    }

    /// <summary>Authorities to trust.</summary>
    /// <exception cref="TlsFileException">As above.</exception>
    public static X509Certificate2Collection ReadRoots(string file)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            if (Pem(Bytes(file)) is { } pem) roots.ImportFromPem(pem);
        }
        catch (CryptographicException wrong)
        {
            throw new TlsFileException($"'{file}' cannot be read as certificates: {wrong.Message}", wrong);
        }

        return roots.Count > 0 ? roots : throw new TlsFileException($"'{file}' holds no certificate in PEM.");
    }

    /// <summary>Tells whether any of the files has changed; a file that cannot be read counts as another content.</summary>
    public static byte[] Fingerprint(params IEnumerable<string?> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.OfType<string>())
        {
            try
            {
                hash.AppendData(SHA256.HashData(Bytes(file)));
            }
            catch (TlsFileException unreadable)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(unreadable.Message));
            }
        }

        return hash.GetHashAndReset();
    }

    private static (X509Certificate2, X509Certificate2Collection) FromPem(string certificate, string key, string? password)
    {
        var leaf = password is null ? X509Certificate2.CreateFromPem(certificate, key) : X509Certificate2.CreateFromEncryptedPem(certificate, key, password);
        var others = new X509Certificate2Collection();
        others.ImportFromPem(certificate);
        return (Usable(leaf), Without(others, leaf));
    }

    private static (X509Certificate2, X509Certificate2Collection) FromPfx(string file, byte[] bytes, string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(bytes, password);
        var leaf = all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new TlsFileException($"'{file}' holds no certificate with its private key.");
        return (leaf, Without(all, leaf));
    }

    private static X509Certificate2Collection Without(X509Certificate2Collection all, X509Certificate2 leaf) =>
        [.. all.Where(one => !one.RawDataMemory.Span.SequenceEqual(leaf.RawDataMemory.Span))];

    /// <summary>Windows cannot use a key that was made from PEM in a handshake.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows()) return certificate;
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static string? Pem(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.Contains("-----BEGIN ", StringComparison.Ordinal) ? text : null;
    }

    private static byte[] Bytes(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new TlsFileException($"'{file}' cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
