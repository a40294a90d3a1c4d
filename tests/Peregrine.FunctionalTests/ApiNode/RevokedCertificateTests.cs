using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Peregrine.FunctionalTests.Access;
using Peregrine.FunctionalTests.Processes;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary>Callers' certificates that their authority has revoked, against a node with a home of its own, where the platform keeps the lists that it has fetched.</summary>
public sealed class RevokedCertificateTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RevokingAuthority? _authority;

    private RevokingAuthority Authority => _authority!;

    public async ValueTask InitializeAsync()
    {
        _authority = await RevokingAuthority.StartAsync();
        File.WriteAllText(_folder["ca.pem"], Authority.Root.ExportCertificatePem());
        using var server = Authority.Server();
        File.WriteAllText(_folder["node.pem"], server.ExportCertificatePem());
        File.WriteAllText(_folder["node.key"], server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public async ValueTask DisposeAsync()
    {
        await Authority.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Online_RevokedIsRefusedAndGoodIsTaken_AlsoByTheListOnceFetchedAndOffline()
    {
        using var good = Authority.Client("good");
        using var revoked = Authority.Client("revoked");
        Authority.Revoke(revoked);
        await using (var node = await StartAsync("Online"))
        {
            (await AskAsync(node, revoked)).ShouldBe((HttpStatusCode.Forbidden, true, "The certificate CN=revoked is revoked. Ask its authority for a new one."));
            (await AskAsync(node, good)).Status.ShouldBe(HttpStatusCode.OK);
            Authority.Asked.ShouldBeGreaterThan(0);

            Authority.State = ListState.Down;
            (await AskAsync(node, revoked)).ShouldBe((HttpStatusCode.Forbidden, true, "The certificate CN=revoked is revoked. Ask its authority for a new one."));
            (await AskAsync(node, good)).Status.ShouldBe(HttpStatusCode.OK);
        }

        var asked = Authority.Asked;
        await using var offline = await StartAsync("Offline");
        (await AskAsync(offline, revoked)).ShouldBe((HttpStatusCode.Forbidden, true, "The certificate CN=revoked is revoked. Ask its authority for a new one."));
        (await AskAsync(offline, good)).Status.ShouldBe(HttpStatusCode.OK);
        Authority.Asked.ShouldBe(asked);
    }

    [Fact]
    public async Task Online_WhileTheListIsOutOfReach_RefusesEveryCertificate_AndTakesThemAgainAfterwards()
    {
        using var good = Authority.Client("good");
        Authority.State = ListState.Down;
        await using var node = await StartAsync("Online");
        (await AskAsync(node, good)).ShouldBe((HttpStatusCode.Forbidden, true, "Whether the certificate CN=good is revoked could not be found out. Try again later."));

        Authority.State = ListState.Up;
        (await AskAsync(node, good)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Online_OfASilentAuthority_RefusesOnceTheTimeoutIsOver()
    {
        using var good = Authority.Client("good");
        Authority.State = ListState.Silent;
        await using var node = await StartAsync("Online", "00:00:01");

        var watch = Stopwatch.StartNew();
        (await AskAsync(node, good)).ShouldBe((HttpStatusCode.Forbidden, true, "Whether the certificate CN=good is revoked could not be found out. Try again later."));

        // It would wait for ever; beyond its timeout of 1 s are the delays of a busy machine.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task NoRevocationCheck_TakesARevokedCertificateAndAsksNobody()
    {
        using var revoked = Authority.Client("revoked");
        Authority.Revoke(revoked);
        await using var node = await StartAsync("None");

        (await AskAsync(node, revoked)).Status.ShouldBe(HttpStatusCode.OK);
        Authority.Asked.ShouldBe(0);
    }

    /// <param name="timeout">Long enough for a busy machine, unless there is nothing to wait for.</param>
    private async Task<PeregrineProcess> StartAsync(string revocation, string timeout = "00:01:00")
    {
        var process = PeregrineProcess.Start(
            [
                "apinode", "--data-dir", _folder[$"node-{revocation}"], "--port", "0", "--tls-cert", _folder["node.pem"], "--tls-key", _folder["node.key"],
                "--client-certs", "require", "--client-ca", _folder["ca.pem"],
            ],
            new Dictionary<string, string?>
            {
                ["PEREGRINE_ADMIN_KEY"] = NodeServer.Key, ["HOME"] = Directory.CreateDirectory(_folder["home"]).FullName,
                ["Serving__Tls__ClientRevocation"] = revocation, ["Serving__Tls__ClientRevocationTimeout"] = timeout,
            });
        await process.WaitForLineAsync("Ready.");
        return process;
    }

    /// <summary>Asks for a probe on a new connection.</summary>
    private async Task<(HttpStatusCode Status, bool IsRefused, string Told)> AskAsync(PeregrineProcess node, X509Certificate2 shown)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(Authority.Root);
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(shown, null, offline: true);
        using var http = new HttpClient(handler);
        using var answer = await http.GetAsync(new Uri($"{Regex.Match(node.Output, @"https://127\.0\.0\.1:\d+").Value}/livez"), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, text.Contains("\"errorType\":\"ClientCertificateRefused\"", StringComparison.Ordinal), Regex.Match(text, "\"message\":\"([^\"]*)").Groups[1].Value);
    }
}
