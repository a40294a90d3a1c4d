using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary>TLS by the command line, on both sides of it.</summary>
public sealed class TlsNodeTests : IDisposable
{
    private const string Key = "admin-key-of-the-node";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Node_WithTlsAndAdminPort_IsReachedByVerbsThatTrustItsAuthority()
    {
        WriteCertificate();
        await using var process = PeregrineProcess.Start(
            ["apinode", "--data-dir", _folder["node"], "--port", "0", "--admin-port", "0", "--grpc-port", "0", "--tls-cert", _folder["node.pem"], "--tls-key", _folder["node.key"]],
            new Dictionary<string, string?> { ["PEREGRINE_ADMIN_KEY"] = Key });
        await process.WaitForLineAsync("Ready.");
        Regex.Count(process.Output, @"https://127\.0\.0\.1:\d+").ShouldBe(2, process.Output);
        var admin = $"https://127.0.0.1:{Regex.Match(process.Output, @"port (\d+) of 127\.0\.0\.1").Groups[1].Value}";
        var environment = new Dictionary<string, string?> { ["PEREGRINE_NODE_KEY"] = Key };

        (await PeregrineProcess.RunAsync(["apinode", "admin", "list", "--json", "--url", admin, "--ca-file", _folder["node.pem"]], environment)).ShouldExit(0).Output.Trim().ShouldBe("[]");
        (await PeregrineProcess.RunAsync(["apinode", "admin", "list", "--url", admin], environment)).ShouldExit(1).Errors.ShouldContain("--ca-file");
        (await PeregrineProcess.RunAsync(["apinode", "admin", "list", "--url", admin, "--ca-file", _folder["nowhere"]], environment)).ShouldExit(2).Errors.ShouldContain("cannot be read");
        (await process.TerminateAsync()).ShouldBe(0, process.Errors);
    }

    [Fact]
    public async Task Node_ThatRequiresCertificates_RefusesVerbsWithoutOne()
    {
        WriteCertificate();
        await using var process = PeregrineProcess.Start(
            [
                "apinode", "--data-dir", _folder["node"], "--port", "0", "--tls-cert", _folder["node.pem"], "--tls-key", _folder["node.key"], "--tls-min", "1.3",
                "--client-certs", "require", "--client-ca", _folder["node.pem"],
            ],
            new Dictionary<string, string?> { ["PEREGRINE_ADMIN_KEY"] = Key });
        await process.WaitForLineAsync("Ready.");
        var url = Regex.Match(process.Output, @"https://127\.0\.0\.1:\d+").Value;
        var environment = new Dictionary<string, string?> { ["PEREGRINE_NODE_KEY"] = Key, ["PEREGRINE_CA_FILE"] = _folder["node.pem"] };

        (await PeregrineProcess.RunAsync(["apinode", "admin", "list", "--url", url], environment)).ShouldExit(2).Errors.ShouldContain("none was shown");
        (await PeregrineProcess.RunAsync(["apinode", "admin", "list", "--url", url, "--cert", _folder["node.pem"], "--cert-key", _folder["node.key"]], environment)).ShouldExit(0);
    }

    [Theory]
    [InlineData("--tls-cert", "--tls-key", "KEY")]
    [InlineData("--client-ca", "--tls-cert", "CERT", "--tls-key", "KEY", "--client-certs", "require")]
    [InlineData("cannot be read", "--tls-cert", "NOWHERE")]
    [InlineData("cannot be used as a certificate", "--tls-cert", "CERT")]
    [InlineData("--tls-min", "--tls-cert", "CERT", "--tls-min", "1.1")]
    [InlineData("--admin-port", "--port", "23456", "--admin-port", "23456")]
    public async Task WrongOptions_EndWith2(string told, params string[] options)
    {
        WriteCertificate();
        var given = options.Select(option => option switch { "CERT" => _folder["node.pem"], "KEY" => _folder["node.key"], "NOWHERE" => _folder["nowhere"], _ => option });

        var result = await PeregrineProcess.RunAsync(["apinode", "--data-dir", _folder["node"], "--port", "0", .. given]);

        result.ShouldExit(2).Errors.ShouldContain(told);
    }

    /// <summary>One certificate that signs for itself, for servers and clients.</summary>
    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(_folder["node.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(_folder["node.key"], key.ExportPkcs8PrivateKeyPem());
    }
}
