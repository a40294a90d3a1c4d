using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Tests.Transport;

public sealed class TlsTests : IDisposable
{
    private const string Predict = "public/api/v1/fraud/score/predict";

    private readonly TlsFolder _tls = new();

    public void Dispose() => _tls.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Predict_OverTls_AnswersTheBitsOfPlainHttp(string version)
    {
        await using var node = await _tls.Node().WithService().StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, Predict))
        {
            Version = new Version(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StringContent($$"""{"features":{{TestPackage.GoodFeatures}}}"""),
        };
        using var answer = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);

        node.Address.Scheme.ShouldBe("https");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Version.ShouldBe(new Version(version));
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(new TestPackage().Expected(TestPackage.GoodFeatures).TrimStart('{').TrimEnd('}'));
    }

    [Fact]
    public async Task ManyPredictions_OverOneConnectionOfHttp2_AreAllAnswered()
    {
        await using var node = await _tls.Node().WithService().StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, Predict))
            {
                Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StringContent($$"""{"features":{{TestPackage.GoodFeatures}}}"""),
            };
            using var answer = await node.Http.SendAsync(request);
            return answer.StatusCode;
        }));

        answers.ShouldAllBe(status => status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pfx_WithPassword_IsServed()
    {
        await System.IO.File.WriteAllBytesAsync(_tls.File("server.pfx"), _tls.Authority.Pfx(_tls.Authority.Server("from-pfx"), "secret"), TestContext.Current.CancellationToken);
        string? subject = null;
        await using var node = await new ApiNodeBuilder().ReachedBy(_tls.Handler(seen: seen => subject = seen))
            .WithSetting("Serving:Tls:CertificateFile", _tls.File("server.pfx")).WithSetting("Serving:Tls:Password", "secret").StartAsync();

        (await node.GetAsync("livez")).Status.ShouldBe(HttpStatusCode.OK);

        subject.ShouldBe("CN=from-pfx");
    }

    [Fact]
    public async Task Port_WithTls_IsDescribedByTheVerboseProbe_AndItsDaysLeftAreMeasured()
    {
        await using var node = await _tls.Node().WithService().StartAsync();

        var probe = (await node.GetAsync("readyz?verbose")).Text;

        probe.ShouldContain("[+]ports ok");
        probe.ShouldContain("node: https, TLS 1.2 and 1.3, certificate CN=first for 90 more days, HTTP/1.1, HTTP/2");
        if (!System.Net.Quic.QuicListener.IsSupported) probe.ShouldContain("HTTP/3 off: this system has no QUIC (library libmsquic)");
        (await node.GetAsync("metrics")).Text.ShouldMatch("""peregrine_tls_certificate_expiry_days\{.*port="node".*\} (89\.9|90)""");
    }

    [Fact]
    public async Task Port_WithoutTls_IsDescribedByTheVerboseProbe()
    {
        await using var node = await new ApiNodeBuilder().StartAsync();

        (await node.GetAsync("readyz?verbose")).Text.ShouldContain("    node: http, HTTP/1.1\n");
    }

    [Fact]
    public async Task Handshake_BelowTheMinimumProtocol_IsRefused()
    {
        await using var node = await _tls.Node().WithSetting("Serving:Tls:MinimumProtocol", "Tls13").StartAsync();

        await Should.ThrowAsync<Exception>(() => ShakeHandsAsync(node, SslProtocols.Tls12));
        await ShakeHandsAsync(node, SslProtocols.Tls13);
    }

    [Fact]
    public async Task AdminPort_TakesTheNodesTls_OrItsOwn_OrNone()
    {
        await using var same = await _tls.Node().WithSetting("Serving:Access:AdminPort", "0").StartAsync();
        same.AdminAddress.Scheme.ShouldBe("https");

        await System.IO.File.WriteAllBytesAsync(_tls.File("admin.pfx"), _tls.Authority.Pfx(_tls.Authority.Server("admin"), null), TestContext.Current.CancellationToken);
        await using var own = await _tls.Node().WithSetting("Serving:Access:AdminPort", "0").WithSetting("Serving:Access:AdminTls:CertificateFile", _tls.File("admin.pfx")).StartAsync();
        var seen = new List<string>();
        using var http = new HttpClient(_tls.Handler(seen: seen.Add));
        await http.GetStringAsync(new Uri(own.AdminAddress, "livez"), TestContext.Current.CancellationToken);
        await http.GetStringAsync(new Uri(own.Address, "livez"), TestContext.Current.CancellationToken);
        seen.ShouldBe(["CN=admin", "CN=first"]);

        await using var none = await _tls.Node().WithSetting("Serving:Access:AdminPort", "0").WithSetting("Serving:Access:AdminTls:Off", "true").StartAsync();
        none.AdminAddress.Scheme.ShouldBe("http");
        (await http.GetAsync(new Uri(none.AdminAddress, "livez"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Grpc_OverTls_IsAnsweredOnItsOwnPortAndOnTheNodes()
    {
        await using var node = await _tls.Node().WithGrpc().WithService().StartAsync();

        foreach (var address in new[] { node.GrpcAddress, node.Address })
        {
            using var content = new ByteArrayContent(new byte[5]); // an empty message
            content.Headers.ContentType = new("application/grpc");
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "inference.GRPCInferenceService/ServerLive"))
            {
                Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content,
            };
            request.Headers.TE.Add(new("trailers"));
            using var answer = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
            await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

            address.Scheme.ShouldBe("https");
            answer.TrailingHeaders.GetValues("grpc-status").ShouldBe(["0"]);
        }
    }

    [Theory]
    [InlineData("CertificateFile", "nowhere.pem", "'nowhere.pem' cannot be read")]
    [InlineData("KeyFile", "", "holds no private key in PEM")]
    [InlineData("ClientCertificates", "Require", "ClientCertificates is Require without ClientCaFile")]
    [InlineData("MinimumProtocol", "7", "MinimumProtocol")]
    public async Task Start_WithWrongSettings_EndsWithWhatIsWrong(string setting, string value, string told)
    {
        await System.IO.File.WriteAllTextAsync(_tls.File("empty"), "", TestContext.Current.CancellationToken);
        var node = _tls.Node().WithSetting($"Serving:Tls:{setting}", value.Length == 0 ? _tls.File("empty") : value);

        var wrong = await Should.ThrowAsync<OptionsValidationException>(node.StartAsync());

        wrong.Message.ShouldContain(told);
    }

    [Fact]
    public async Task Start_WithAnothersKeyOrAClientsCertificate_EndsWithWhatIsWrong()
    {
        var foreign = _tls.Node();
        await System.IO.File.WriteAllTextAsync(_tls.Key, _tls.Authority.Pem(_tls.Authority.Server()).Key, TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<OptionsValidationException>(foreign.StartAsync())).Message.ShouldContain("cannot be used as a certificate");

        var client = _tls.Node();
        _tls.Write(_tls.Authority.Client());
        (await Should.ThrowAsync<OptionsValidationException>(client.StartAsync())).Message.ShouldContain("not one of a server");
    }

    [Fact]
    public async Task WhatIsNoRequest_IsAnsweredByAnErrorDocument()
    {
        await using var node = await _tls.Node().StartAsync();

        var answer = await ExchangeAsync(node, SslProtocols.None, "nonsense\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("\"errorType\":\"MalformedRequest\"");
        answer.ShouldEndWith("}");
    }

    private async Task ShakeHandsAsync(TestNode node, SslProtocols protocol) =>
        (await ExchangeAsync(node, protocol, "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");

    private async Task<string> ExchangeAsync(TestNode node, SslProtocols protocol, string sent)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(node.Address.Host, node.Address.Port, TestContext.Current.CancellationToken);
        await using var ssl = new SslStream(socket.GetStream());
        await ssl.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol, CertificateChainPolicy = _tls.Handler().SslOptions.CertificateChainPolicy },
            TestContext.Current.CancellationToken);
        await ssl.WriteAsync(Encoding.ASCII.GetBytes(sent), TestContext.Current.CancellationToken);
        return await new StreamReader(ssl).ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
