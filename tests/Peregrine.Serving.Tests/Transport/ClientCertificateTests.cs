using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Serving.Tests.Transport;

public sealed class ClientCertificateTests : IDisposable
{
    private readonly TlsFolder _tls = new();
    private readonly TestAuthority _stranger = new("Stranger");

    public void Dispose()
    {
        _tls.Dispose();
        _stranger.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task GoodCertificate_WhereOneIsRequired_IsServed(string version)
    {
        await using var node = await RequiringAsync();

        var (status, text) = await PredictAsync(node, Good(), version);

        status.ShouldBe(HttpStatusCode.OK, text);
    }

    [Theory]
    [InlineData("none", "1.1", "ClientCertificateRequired", "none was shown")]
    [InlineData("none", "2.0", "ClientCertificateRequired", "none was shown")]
    [InlineData("expired", "1.1", "ClientCertificateRefused", "CN=caller expired on")]
    [InlineData("early", "1.1", "ClientCertificateRefused", "CN=caller is valid only from")]
    [InlineData("stranger", "1.1", "ClientCertificateRefused", "comes from CN=Stranger intermediate, which this port does not trust")]
    [InlineData("stranger", "2.0", "ClientCertificateRefused", "which this port does not trust")]
    [InlineData("server", "1.1", "ClientCertificateRefused", "is not one of a client")]
    public async Task WrongCertificate_IsRefusedWithWhatIsWrong_OnEveryPath(string shown, string version, string errorType, string told)
    {
        await using var node = await RequiringAsync();

        var (status, text) = await PredictAsync(node, Shown(shown), version);

        status.ShouldBe(HttpStatusCode.Forbidden);
        text.ShouldContain($"\"errorType\":\"{errorType}\"");
        text.ShouldContain(told);
        foreach (var path in new[] { "livez", "admin/api/services", "nowhere", "v2/models" })
        {
            using var http = new HttpClient(_tls.Handler(Shown(shown)));
            (await http.GetAsync(new Uri(node.Address, path), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        }
    }

    [Fact]
    public async Task Allowed_TakesNoneAndAGoodOne_AndRefusesABadOne()
    {
        await using var node = await _tls.Node().WithSetting("Serving:Tls:ClientCertificates", "Allow").WithSetting("Serving:Tls:ClientCaFile", _tls.ClientCa).WithService().StartAsync();

        (await PredictAsync(node, null)).Status.ShouldBe(HttpStatusCode.OK);
        (await PredictAsync(node, Good())).Status.ShouldBe(HttpStatusCode.OK);
        (await PredictAsync(node, Shown("expired"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await node.GetAsync("metrics")).Text.ShouldMatch("""peregrine_tls_client_certificates_refused_total\{.*reason="expired".*\} 1""");
    }

    [Fact]
    public async Task ChangedAuthorities_HoldForNewConnections()
    {
        await using var node = await RequiringAsync();
        (await PredictAsync(node, Shown("stranger"))).Status.ShouldBe(HttpStatusCode.Forbidden);

        await File.WriteAllTextAsync(_tls.ClientCa, _stranger.RootPem, TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(async () => (await PredictAsync(node, Shown("stranger"))).Status == HttpStatusCode.OK);
        (await PredictAsync(node, Good())).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task RevocationThatCannotBeLookedUp_IsRefused()
    {
        await using var node = await _tls.Node().ReachedBy(_tls.Handler()).WithSetting("Serving:Tls:ClientCertificates", "Allow").WithSetting("Serving:Tls:ClientCaFile", _tls.ClientCa)
            .WithSetting("Serving:Tls:ClientRevocation", "Offline").WithService().StartAsync();

        var (status, text) = await PredictAsync(node, Good());

        status.ShouldBe(HttpStatusCode.Forbidden);
        text.ShouldContain("is revoked could not be found out");
    }

    private Task<TestNode> RequiringAsync() => _tls.Node().ReachedBy(_tls.Handler(Good()))
        .WithSetting("Serving:Tls:ClientCertificates", "Require").WithSetting("Serving:Tls:ClientCaFile", _tls.ClientCa).WithService().StartAsync();

    private X509Certificate2Collection Good() => _tls.Authority.Chain(_tls.Authority.Client());

    private X509Certificate2Collection? Shown(string which)
    {
        var now = DateTimeOffset.UtcNow;
        return which switch
        {
            "expired" => _tls.Authority.Chain(_tls.Authority.Client(from: now.AddDays(-30), until: now.AddDays(-1))),
            "early" => _tls.Authority.Chain(_tls.Authority.Client(from: now.AddDays(1), until: now.AddDays(30))),
            "stranger" => _stranger.Chain(_stranger.Client()),
            "server" => _tls.Authority.Chain(_tls.Authority.Server("caller")),
            _ => null,
        };
    }

    private async Task<(HttpStatusCode Status, string Text)> PredictAsync(TestNode node, X509Certificate2Collection? shown, string version = "1.1")
    {
        using var http = new HttpClient(_tls.Handler(shown));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, "public/api/v1/fraud/score/predict"))
        {
            Version = new Version(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StringContent($$"""{"features":{{TestPackage.GoodFeatures}}}"""),
        };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
